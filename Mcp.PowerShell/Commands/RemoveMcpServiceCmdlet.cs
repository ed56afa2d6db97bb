using System.Management.Automation;
using Mcp.Core.Client;
using Mcp.Core.Operations;
using Mcp.PowerShell.Completion;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsCommon.Remove, "McpService", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveMcpServiceCmdlet : ServiceActionCmdlet
{
    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var services = new NamePatterns(Service);
        var targets = new List<(AgentClient Client, McpService Service)>();
        await foreach (var (node, service, _) in FindAsync(services, new NamePatterns(null), cancellationToken))
            targets.Add((FleetOf([node]).Client(node), service.ToObject(node.Name)));
        ReportMissing(services);

        foreach (var (client, service) in targets)
        {
            var components = service.Components.Length == 1 ? "1 component" : $"{service.Components.Length} components";
            if (ShouldProcess(
                $"{service.Service} on {service.Node} ({components}, {service.Running} running)",
                "Remove service, its containers and its ports"))
                await RemoveAsync(client, service, cancellationToken);
        }
    }

    private async Task RemoveAsync(AgentClient client, McpService service, CancellationToken cancellationToken)
    {
        var done = await FollowAsync(
            $"Removing {service.Service} from {service.Node}", service.Node, "asking the node",
            token => client.RunAsync(OperationKind.Undeploy, service.Service, null, new() { Wait = Wait }, token), _ => service,
            _ => service, cancellationToken);
        if (done is not null)
            KnownNames.Forget(service.Node, service.Service);
    }
}
