using Mcp.Agent.Auth;
using Mcp.Agent.Deploy.Journal;
using Mcp.Agent.Registry;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>What an agent does to services: takes the service, decides while nothing is touched, then has it carried out.</summary>
internal sealed class Deployer(
    OperationHost operations, OperationJournal journal, Recovery recovery, DeployDrafts deploys, LifecycleDrafts lifecycles, OperationRunner runner, ReleaseStore releases, TimeProvider time)
{
    /// <param name="waiting">Told who has the service while it is waited for; null: nobody waits.</param>
    public Task<Operation> DeployAsync(
        ServiceDefinition definition, string? component, DeployTerms terms, Caller caller, Func<OperationWaiting, Task>? waiting, CancellationToken cancellationToken) =>
        BeginAsync(OperationKind.Deploy, definition.Name, component, caller, waiting, (operation, token) => deploys.DraftAsync(operation, definition, terms, null, holdPorts: true, token), cancellationToken);

    /// <summary>What <see cref="DeployAsync"/> would do. Locks and reserves nothing, so that it may run beside a deploy of the same service.</summary>
    public async Task<OperationPlanned> PlanAsync(ServiceDefinition definition, string? component, DeployTerms terms, Caller caller, CancellationToken cancellationToken)
    {
        var planned = new Operation("planned", OperationKind.Deploy, definition.Name, component, caller, time.GetUtcNow());
        using var draft = await deploys.DraftAsync(planned, definition, terms, null, holdPorts: false, cancellationToken);
        return await runner.DescribeAsync(planned, draft, cancellationToken);
    }

    /// <summary>Deploys an earlier release again: its definition, and exactly its images.</summary>
    /// <param name="to">null: the last good one before what runs now.</param>
    public Task<Operation> RollbackAsync(string service, int? to, bool force, Caller caller, Func<OperationWaiting, Task>? waiting, CancellationToken cancellationToken) =>
        BeginAsync(OperationKind.Rollback, service, null, caller, waiting, (operation, token) =>
        {
            var target = RollbackTarget.Choose(service, to, releases.List(service));
            return deploys.DraftAsync(operation, target.Release.Definition, RollbackTarget.Terms(target) with { Force = force }, target.Release.Number, holdPorts: true, token);
        }, cancellationToken);

    /// <summary>Start, stop, restart or undeploy.</summary>
    public Task<Operation> RunAsync(OperationKind kind, string service, string? component, Caller caller, Func<OperationWaiting, Task>? waiting, CancellationToken cancellationToken) =>
        BeginAsync(kind, service, component, caller, waiting, lifecycles.DraftAsync, cancellationToken);

    private Task<Operation> BeginAsync(
        OperationKind kind, string service, string? component, Caller caller, Func<OperationWaiting, Task>? waiting,
        Func<Operation, CancellationToken, Task<OperationDraft>> decide, CancellationToken cancellationToken) =>
        operations.BeginAsync(kind, service, component, caller, waiting, async (operation, token) =>
        {
            // Whatever an operation before this one has left is put in order first.
            await recovery.SettleAsync(service, token);
            journal.Open(operation);
            try
            {
                var draft = await decide(operation, token);
                try
                {
                    return await runner.BeginAsync(operation, draft, token);
                }
                catch
                {
                    draft.Dispose();
                    throw;
                }
            }
            catch
            {
                Abandon(operation);
                throw;
            }
        }, cancellationToken);

    private void Abandon(Operation operation)
    {
        try
        {
            journal.Abandon(operation.Id);
        }
        catch (AgentException)
        {
            // The error that brought us here is the one to tell. What stays is an operation without a step, which the next one settles.
        }
    }
}
