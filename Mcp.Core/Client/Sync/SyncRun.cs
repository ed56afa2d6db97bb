using Mcp.Core.Client.Supply;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Collections;
using Mcp.Core.Operations;
using Mcp.Core.Status;

namespace Mcp.Core.Client.Sync;

/// <summary>One run of a sync.</summary>
internal sealed class SyncRun(PreparedSync sync, Fleet fleet, ImageSupply images, DeployPipeline deploys, Action<SyncUpdate> report)
{
    private readonly long _started = TimeProvider.System.GetTimestamp();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var dead = await AskNodesAsync(cancellationToken).ConfigureAwait(false);
        foreach (var deploy in sync.Deploys.Where(d => dead.ContainsKey(d.Node)))
            End(deploy, dead[deploy.Node]);

        var planned = await Task.WhenAll(sync.Deploys.Where(d => !dead.ContainsKey(d.Node)).Select(d => PlanAsync(d, cancellationToken))).ConfigureAwait(false);
        if (SupplyPlan.Faulty(planned.Select(p => p.Plan).OfType<SupplyPlan>()) is { } fault)
            throw fault;
        await Task.WhenAll(planned.GroupBy(p => p.Deploy.Node).Select(node => DeployAsync(node, cancellationToken))).ConfigureAwait(false);
    }

    /// <summary>The nodes that can't be asked, and why. Reports strays of the others.</summary>
    private async Task<Dictionary<NodeConfig, McpException>> AskNodesAsync(CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(sync.Nodes.Select(async node =>
        {
            try
            {
                return (Node: node, Services: await fleet.Client(node).ListServicesAsync(cancellationToken).ConfigureAwait(false), Error: (McpException?)null);
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
            foreach (var stray in services.Where(s => IsStray(s, node)))
                report(new SyncStray(node.Name, stray.Definition.Name, sync.Places!.TryGetValue(stray.Definition.Name, out var place) ? place : null));
        }
        return answers.Where(a => a.Error is not null).ToDictionary(a => a.Node, a => a.Error!);
    }

    private bool IsStray(ServiceSummary service, NodeConfig node) =>
        sync.Places is { } places && !(places.TryGetValue(service.Definition.Name, out var place) && place == node.Name);

    private async Task<(PreparedDeploy Deploy, SupplyPlan? Plan)> PlanAsync(PreparedDeploy deploy, CancellationToken cancellationToken)
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

    private async Task DeployAsync(IEnumerable<(PreparedDeploy Deploy, SupplyPlan? Plan)> services, CancellationToken cancellationToken)
    {
        foreach (var (deploy, plan) in services)
        {
            if (plan is not null)
                await DeployAsync(deploy, plan, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task DeployAsync(PreparedDeploy deploy, SupplyPlan plan, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var made = new List<ImageResult>();
        OperationPlanned? steps = null;
        OperationEnded? ended = null;
        try
        {
            await foreach (var update in deploys.ExecuteAsync(deploy, plan, images, cancellationToken).ConfigureAwait(false))
            {
                report(new SyncProgressed(deploy.Node.Name, deploy.Definition.Name, update));
                if (update is ImageSupplied supplied)
                    made.Add(supplied.Result);
                steps = update as OperationPlanned ?? steps;
                ended = update as OperationEnded ?? ended;
            }
        }
        catch (McpException e)
        {
            End(deploy, e, made);
            return;
        }
        report(new SyncEnded(new()
        {
            Service = deploy.Definition.Name,
            Node = deploy.Node.Name,
            Outcome = Outcome(steps, ended),
            Error = ended is { Outcome: OperationOutcome.Succeeded } ? null : Failure(ended, deploy.Node.Name),
            Images = made.ToValueList(),
            Components = ended?.Components ?? [],
            OperationId = ended?.OperationId ?? "",
            Elapsed = TimeProvider.System.GetElapsedTime(started),
        }));
    }

    private static SyncOutcome Outcome(OperationPlanned? steps, OperationEnded? ended) => ended?.Outcome switch
    {
        OperationOutcome.Succeeded => steps is { Steps.Count: 0 } ? SyncOutcome.Unchanged : SyncOutcome.Deployed,
        OperationOutcome.RolledBack => SyncOutcome.RolledBack,
        _ => SyncOutcome.Failed,
    };

    private static McpException Failure(OperationEnded? ended, string node) => ended is null
        ? new(ErrorKind.Internal, "no-result", "the node ended the operation without a result", "see the agent's log on the node", node)
        : new(ErrorKind.OperationFailed, ended.ErrorId.Length > 0 ? ended.ErrorId : "operation-failed", ended.DescribeFailure(), ended.Remedy, node);

    private void End(PreparedDeploy deploy, McpException error, List<ImageResult>? made = null) => report(new SyncEnded(new()
    {
        Service = deploy.Definition.Name,
        Node = deploy.Node.Name,
        Outcome = error is { Kind: ErrorKind.Unreachable, Node: not null } ? SyncOutcome.Unreachable : SyncOutcome.Failed,
        Error = error,
        Images = (made ?? []).ToValueList(),
        Elapsed = TimeProvider.System.GetElapsedTime(_started),
    }));
}
