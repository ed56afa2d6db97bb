using System.Management.Automation;
using Mcp.Core.Client;
using Mcp.Core.Operations;
using Mcp.Core.Status;

namespace Mcp.PowerShell.Pipeline;

/// <summary>Start, Stop, Restart: finds the components that are meant, asks about each, and does it one after the other.</summary>
public abstract class ComponentActionCmdlet : ComponentOfServiceCmdlet
{
    /// <summary>While another operation has the service: wait for it.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    private protected abstract OperationKind Kind { get; }

    /// <summary>For ShouldProcess.</summary>
    private protected virtual string Action => $"{Kind} component";

    private protected virtual bool WantsObjects => false;

    private protected sealed override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var services = new NamePatterns(Service);
        var components = new NamePatterns(Component);
        var targets = new List<(AgentClient Client, ComponentStatus Component)>();
        await foreach (var (node, _, found) in FindAsync(services, components, cancellationToken))
            targets.AddRange(found.Select(component => (FleetOf([node]).Client(node), component)));
        ReportMissing(services, components);

        foreach (var (client, component) in targets)
        {
            if (ShouldProcess($"{component.Service}/{component.Component} on {client.Node.Name}", Action))
                await OperateAsync(client, component, cancellationToken);
        }
    }

    private async Task OperateAsync(AgentClient client, ComponentStatus component, CancellationToken cancellationToken)
    {
        var (node, target) = (client.Node.Name, component.ToObject(client.Node.Name));
        var done = await FollowAsync(
            $"{OperationText.Doing(Kind)} {component.Service}/{component.Component} on {node}", node, "asking the node",
            token => client.RunAsync(Kind, component.Service, component.Component, new() { Wait = Wait }, token), _ => target, _ => target,
            cancellationToken);
        if (done is null || !WantsObjects)
            return;
        foreach (var after in done.End!.Components.Where(c => c.Component == component.Component))
            WriteObject(after.ToObject(node));
    }
}
