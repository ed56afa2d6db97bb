using System.Management.Automation;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "McpRelease")]
[OutputType(typeof(McpRelease))]
public sealed class GetMcpReleaseCmdlet : ServiceFilterCmdlet
{
    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        await foreach (var (node, _, releases) in FindReleasesAsync(Service, cancellationToken))
        {
            foreach (var release in releases)
                WriteObject(release.ToObject(node.Name));
        }
    }
}
