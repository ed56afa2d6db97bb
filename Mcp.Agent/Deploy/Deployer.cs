using Mcp.Agent.Auth;
using Mcp.Agent.Deploy.Journal;
using Mcp.Agent.Engine;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>What an agent does to services. An operation is <see cref="BeginAsync"/> and then <see cref="CarryOutAsync"/>,
/// each from top to bottom. What a killed agent, an engine or a disk did not let end is settled by <see cref="Recovery"/>, with the same
/// parts.</summary>
internal sealed class Deployer(
    OperationHost operations, Recovery recovery, OperationPlanner planner, OperationJournal journal, PlanExecutor executor,
    ReleaseRetention retention, OperationClosing closing, StatusReader status, IContainerRuntime runtime, EngineWatch engine,
    TimeProvider time)
{
    private string? _engine;

    /// <param name="waiting">Called with the operation that has the service locked while the call waits; null: a locked service is an
    /// error.</param>
    public Task<Operation> DeployAsync(
        ServiceDefinition definition, string? component, OperationOptions options, Caller caller, Func<OperationWaiting, Task>? waiting,
            CancellationToken cancellationToken) =>
        BeginAsync(Deploy(definition, component, options, caller), waiting, cancellationToken);

    /// <summary>Deploys an earlier release again: its definition, and exactly its images.</summary>
    /// <param name="to">null: the last successful one before the current release.</param>
    public Task<Operation> RollbackAsync(
        string service, int? to, bool force, Caller caller, Func<OperationWaiting, Task>? waiting, CancellationToken cancellationToken) =>
        BeginAsync(new(OperationKind.Rollback, service, null, caller) { ToRelease = to, Options = new() { Force = force } }, waiting,
            cancellationToken);

    /// <summary>Start, stop, restart or undeploy.</summary>
    public Task<Operation> RunAsync(
        OperationKind kind, string service, string? component, Caller caller, Func<OperationWaiting, Task>? waiting,
        CancellationToken cancellationToken) =>
        BeginAsync(new(kind, service, component, caller), waiting, cancellationToken);

    /// <summary>What <see cref="DeployAsync"/> would do. Locks and reserves nothing, so that it may run beside a deploy of the same
    /// service.</summary>
    public async Task<OperationPlanned> PlanAsync(
        ServiceDefinition definition, string? component, OperationOptions options, Caller caller, CancellationToken cancellationToken)
    {
        var request = Deploy(definition, component, options, caller);
        var operation = new Operation("planned", request.Kind, request.Service, request.Component, request.Caller, time.GetUtcNow());
        using var planned = await engine.PromptAsync(
            token => planner.PlanAsync(operation, request, holdPorts: false, token), cancellationToken);
        return await DescribeAsync(operation, planned, cancellationToken);
    }

    private static OperationRequest Deploy(ServiceDefinition definition, string? component, OperationOptions options, Caller caller) =>
        new(OperationKind.Deploy, definition.Name, component, caller) { Definition = definition, Options = options };

    /// <summary>The part that the caller waits for. It touches no container: its errors go to the caller, and the service is as
    /// before.</summary>
    private async Task<Operation> BeginAsync(
        OperationRequest request, Func<OperationWaiting, Task>? waiting, CancellationToken cancellationToken)
    {
        // One operation has a service at a time.
        var operation = await operations.LockAsync(request, waiting, cancellationToken);
        PlannedOperation? planned = null;
        try
        {
            // What an interrupted operation left is finished or rolled back.
            await recovery.SettleAsync(operation.Service, cancellationToken);

            planned = await engine.PromptAsync(
                token => planner.PlanAsync(operation, request, holdPorts: true, token), cancellationToken);
            operation.Publish(await DescribeAsync(operation, planned, cancellationToken));

            // From here on an agent that starts after a crash knows what this one was doing.
            if (!planned.Plan.IsEmpty)
                journal.Open(operation, planned.Plan.Steps, planned.Release);
        }
        catch
        {
            planned?.Dispose();
            operations.Abandon(operation);
            throw;
        }
        operations.Run(operation, token => CarryOutAsync(operation, planned, token));
        return operation;
    }

    /// <summary>The rest, which continues whether or not a client watches.</summary>
    private async Task<OperationEnded> CarryOutAsync(Operation operation, PlannedOperation planned, CancellationToken cancellationToken)
    {
        using var held = planned;

        // Each step, with the record as the point of no return. What fails before it is rolled back, what fails after it is cleaned up
        // later.
        var result = await executor.ExecuteAsync(operation, planned, cancellationToken);
        // Of what is left to do, the caller waits for nothing twice: the engine is asked and the outcome stored at the same time.
        var components = status.ComponentsAfterAsync(planned.Plan, result.Left);
        var kept = result.Outcome == OperationOutcome.Succeeded && planned.Release is { } release
            ? retention.ApplyAsync(release, cancellationToken) : Task.CompletedTask;

        // The journal keeps an unfinished operation open: the recovery settles it.
        var failure = Failure.Describe(result);
        var ending = new OperationEnding(result.Outcome, failure.Message) { Brief = failure.Brief };
        if (result.Unfinished || !closing.Close(operation, ending, idle: planned.Plan.IsEmpty))
        {
            closing.Explain(operation, ending);
            recovery.Wake();
        }

        await kept;
        var after = await components;
        var now = time.GetUtcNow();
        return new(operation.Id, now, result.Outcome, failure.Message, failure.Remedy, failure.Id, after, now - operation.StartedAt);
    }

    private async Task<OperationPlanned> DescribeAsync(Operation operation, PlannedOperation planned, CancellationToken cancellationToken)
    {
        // Asked once: what an agent's engine is called does not change.
        var (plan, name) = (planned.Plan, _engine ??= await runtime.GetNameAsync(cancellationToken));
        return new(operation.Id, time.GetUtcNow(), plan.Kind, plan.Service, plan.Steps.Select(s => s.Summarize(name)).ToValueList(),
            plan.Warnings)
        {
            Components = plan.DescribeComponents(name),
            Release = planned.Release?.Number,
            RollbackOf = planned.RollbackOf,
        };
    }
}
