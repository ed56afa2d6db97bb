using System.Globalization;
using Mcp.Core.Definitions;

namespace Mcp.Core.Operations;

/// <summary>The words for operations and their plans, the same at every front end.</summary>
public static class OperationText
{
    /// <summary>"Deploying".</summary>
    public static string Doing(OperationKind kind) => kind switch
    {
        OperationKind.Deploy => "Deploying",
        OperationKind.Undeploy => "Removing",
        OperationKind.Start => "Starting",
        OperationKind.Stop => "Stopping",
        OperationKind.Rollback => "Rolling back",
        _ => "Restarting",
    };

    /// <summary>"Deployed".</summary>
    public static string Done(OperationKind kind) => kind switch
    {
        OperationKind.Deploy => "Deployed",
        OperationKind.Undeploy => "Removed",
        OperationKind.Start => "Started",
        OperationKind.Stop => "Stopped",
        OperationKind.Rollback => "Rolled back",
        _ => "Restarted",
    };

    /// <summary>"locked by ada since 11:58:00 (deploy, operation op7)".</summary>
    /// <param name="zone">Of the reader.</param>
    public static string LockedBy(OperationWaiting waiting, TimeZoneInfo zone) => string.Create(CultureInfo.InvariantCulture,
        $"locked by {waiting.Actor} since {TimeZoneInfo.ConvertTime(waiting.Since, zone):HH:mm:ss} ({StateText.Of(waiting.Kind)}, " +
        $"operation {waiting.Holder})");

    /// <summary>"hello on node1 is up to date".</summary>
    public static string UpToDate(string target, string node, int? rollbackOf = null) =>
        $"{target} on {node} is up to date" + (rollbackOf is { } release ? Invariant($" with release {release}") : "");

    internal static string Summary(OperationState state)
    {
        var target = state.Target ?? state.Plan?.Service ?? "";
        return state.Plan switch
        {
            null => $"Done on {state.Node}",
            { Steps.Count: 0 } plan => UpToDate(target, state.Node, plan.RollbackOf),
            { RollbackOf: { } release } plan => Invariant($"Rolled back {target} on {state.Node} to release {release}{AsRelease(plan)}"),
            { Kind: OperationKind.Deploy } plan => $"Deployed {target} to {state.Node}{AsRelease(plan)}",
            { Kind: OperationKind.Undeploy } => $"Removed {target} from {state.Node}",
            var plan => $"{Done(plan.Kind)} {target} on {state.Node}",
        };
    }

    /// <summary>"create", "run once".</summary>
    public static string Of(ComponentChange change) => change == ComponentChange.Run ? "run once" : StateText.Of(change);

    /// <summary>"create: new"; of a component that is left alone the reason only.</summary>
    public static string Of(ComponentPlan component) => component switch
    {
        { Change: ComponentChange.Unchanged, Reason.Length: > 0 } => component.Reason,
        { Reason.Length: > 0 } => $"{Of(component.Change)}: {component.Reason}",
        _ => Of(component.Change),
    };

    /// <summary>"stop-first: it has a fixed host port"; empty where nothing is replaced.</summary>
    public static string Strategy(ComponentPlan component) => component.Strategy is { } strategy
        ? StrategyNames.Of(strategy) + (component.StrategyReason.Length > 0 ? ": " + component.StrategyReason : "")
        : "";

    private static string AsRelease(OperationPlanned plan) => plan.Release is { } release ? Invariant($" as release {release}") : "";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
