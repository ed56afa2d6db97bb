using System.Management.Automation;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "McpComponent")]
[OutputType(typeof(McpComponent))]
public sealed class GetMcpComponentCmdlet : ComponentFilterCmdlet
{
    private protected override bool ShowsState => true;

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var services = new NamePatterns(Service);
        var components = new NamePatterns(Component);
        await foreach (var (node, _, found) in FindAsync(services, components, cancellationToken))
        {
            foreach (var component in found)
                WriteObject(component.ToObject(node.Name));
        }
        ReportMissing(services, components);
    }
}
