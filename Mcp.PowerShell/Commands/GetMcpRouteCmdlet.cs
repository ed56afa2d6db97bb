using System.Management.Automation;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "McpRoute")]
[OutputType(typeof(McpRoute))]
public sealed class GetMcpRouteCmdlet : ServiceOrComponentFilterCmdlet
{
    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var services = new NamePatterns(Service);
        var components = new NamePatterns(Component);

        // From the component's status, not the node's list of routes: a component without routes is there, one that is mistyped is not.
        await foreach (var (node, _, found) in FindAsync(services, components, cancellationToken))
        {
            foreach (var route in found.SelectMany(component => component.Routes))
                WriteObject(route.ToObject(node.Name));
        }
        ReportMissing(services, components);
    }
}
