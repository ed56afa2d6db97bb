using System.Management.Automation;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "McpService")]
[OutputType(typeof(McpService))]
public sealed class GetMcpServiceCmdlet : ServiceFilterCmdlet
{
    private protected override bool ShowsState => true;

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var services = new NamePatterns(Service);
        await foreach (var (node, service, _) in FindAsync(services, new NamePatterns(null), cancellationToken))
            WriteObject(service.ToObject(node.Name));
        ReportMissing(services);
    }
}
