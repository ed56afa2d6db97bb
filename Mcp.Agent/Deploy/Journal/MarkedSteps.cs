using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy.Journal;

/// <summary>Which steps of a plan are journalled one by one before they act. An undo looks at the engine first, so the journalled plan
/// alone tells it enough of what the plan creates (found by its label), renames (by its id) and waits for. Only where an undo would
/// interrupt a container that was there before, it must be known that the step had begun: a stop, and a start of such a
/// container.</summary>
internal static class MarkedSteps
{
    /// <returns>Their places in the plan. Start, stop, restart and undeploy are planned again after a crash, and need none.</returns>
    public static IReadOnlySet<int> Of(OperationKind kind, IEnumerable<PlanStep> steps)
    {
        if (kind is not (OperationKind.Deploy or OperationKind.Rollback))
            return new HashSet<int>();
        // What follows the record is finished whether or not it had begun.
        var before = steps.TakeWhile(s => s.Action != StepAction.Record).ToList();
        var created = before.Where(s => s.Action == StepAction.Create).Select(s => s.Container).ToHashSet(StringComparer.Ordinal);
        return before
            .Where(s => s.Action == StepAction.Stop || (s.Action == StepAction.Start && !created.Contains(s.Container)))
            .Select(s => s.Index).ToHashSet();
    }

    /// <summary>The steps of a deploy that was not recorded which may have left something.</summary>
    public static IReadOnlyList<PlanStep> MayHaveBegun(OpenOperation open)
    {
        var marked = Of(open.Kind, open.Steps.Select(s => s.Step));
        return [.. open.Steps.TakeWhile(s => s.Step.Action != StepAction.Record)
            .Where(s => !marked.Contains(s.Step.Index) || s.State is JournalState.Begun or JournalState.Done).Select(s => s.Step)];
    }
}
