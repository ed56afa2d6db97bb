using Mcp.Core.Client.Images;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Collections;
using Mcp.Core.Operations;
using Mcp.Core.Status;

namespace Mcp.Core.Client.Sync;

/// <summary>One run of a sync.</summary>
internal sealed class SyncRun(PreparedSync sync, Fleet fleet, ImagePreparation images, DeployPipeline deploys, Action<SyncUpdate> report)
{
    private readonly long _started = TimeProvider.System.GetTimestamp();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var dead = await AskNodesAsync(cancellationToken).ConfigureAwait(false);
        foreach (var deploy in sync.Deploys.Where(d => dead.ContainsKey(d.Node)))
            End(deploy, dead[deploy.Node]);

        var planned = await Task.WhenAll(sync.Deploys.Where(d => !dead.ContainsKey(d.Node)).Select(d => PlanAsync(d, cancellationToken)))
            .ConfigureAwait(false);
        if (ImagePlan.FaultOf(planned.Select(p => p.Plan).OfType<ImagePlan>()) is { } fault)
            throw fault;
        await Task.WhenAll(planned.GroupBy(p => p.Deploy.Node).Select(node => DeployAsync(node, cancellationToken))).ConfigureAwait(false);
    }

    /// <summary>The nodes that can't be asked, and why. Reports orphans of the others.</summary>
    private async Task<Dictionary<NodeConfig, McpException>> AskNodesAsync(CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(sync.Nodes.Select(async node =>
        {
            try
            {
                return (
                    Node: node, Services: await fleet.Client(node).ListServicesAsync(cancellationToken).ConfigureAwait(false),
                    Error: (McpException?)null);
            }
            catch (McpException e)
            {
                return (node, [], e);
            }
        })).ConfigureAwait(false);
        foreach (var (node, services, error) in answers)
        {
            if (error is not null)
                report(new SyncNodeFailed(node.Name, error));
            foreach (var orphan in services.Where(s => IsOrphan(s, node)))
                report(
                    new SyncOrphan(
                        node.Name, orphan.Definition.Name, sync.Places!.TryGetValue(orphan.Definition.Name, out var place) ? place : null));
        }
        return answers.Where(a => a.Error is not null).ToDictionary(a => a.Node, a => a.Error!);
    }

    private bool IsOrphan(ServiceSummary service, NodeConfig node) =>
        sync.Places is { } places && !(places.TryGetValue(service.Definition.Name, out var place) && place == node.Name);

    private async Task<(PreparedDeploy Deploy, ImagePlan? Plan)> PlanAsync(PreparedDeploy deploy, CancellationToken cancellationToken)
    {
        try
        {
            return (deploy, await images.PlanAsync(deploy, cancellationToken).ConfigureAwait(false));
        }
        catch (McpException e)
        {
            // The node or the engine, not an image that is missing: that concerns this service alone.
            End(deploy, e);
            return (deploy, null);
        }
    }

    private async Task DeployAsync(IEnumerable<(PreparedDeploy Deploy, ImagePlan? Plan)> services, CancellationToken cancellationToken)
    {
        foreach (var (deploy, plan) in services)
        {
            if (plan is not null)
                await DeployAsync(deploy, plan, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task DeployAsync(PreparedDeploy deploy, ImagePlan plan, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var state = new OperationState(deploy.Node.Name, deploy.Definition.Name);
        try
        {
            await foreach (var update in deploys.ExecuteAsync(deploy, plan, images, cancellationToken).ConfigureAwait(false))
            {
                report(new SyncProgressed(deploy.Node.Name, deploy.Definition.Name, update));
                state = state.After(update);
            }
        }
        catch (McpException e)
        {
            End(deploy, e, state.Images);
            return;
        }
        report(new SyncEnded(new()
        {
            Service = deploy.Definition.Name,
            Node = deploy.Node.Name,
            Outcome = Outcome(state),
            Error = state.Failure?.ToException(deploy.Node.Name),
            Images = state.Images,
            Components = state.End?.Components ?? [],
            OperationId = state.OperationId,
            Elapsed = TimeProvider.System.GetElapsedTime(started),
        }));
    }

    private static SyncOutcome Outcome(OperationState state) => state.Outcome switch
    {
        OperationOutcome.Succeeded => state.IsUpToDate ? SyncOutcome.Unchanged : SyncOutcome.Deployed,
        OperationOutcome.RolledBack => SyncOutcome.RolledBack,
        _ => SyncOutcome.Failed,
    };

    private void End(PreparedDeploy deploy, McpException error, ValueList<ImageResult>? made = null) => report(new SyncEnded(new()
    {
        Service = deploy.Definition.Name,
        Node = deploy.Node.Name,
        Outcome = error is { Kind: ErrorKind.Unreachable, Node: not null } ? SyncOutcome.Unreachable : SyncOutcome.Failed,
        Error = error,
        Images = made ?? [],
        Elapsed = TimeProvider.System.GetElapsedTime(_started),
    }));
}
