using Mcp.Agent.Deploy.Journal;
using Mcp.Agent.Events;
using Mcp.Core.Operations;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>Stores how operations ended: in journal, release and audit, then as an event. A database that does not take it changes no
/// outcome.</summary>
internal sealed class OperationClosing(OperationJournal journal, EventLog events, ILogger<OperationClosing> log)
{
    /// <param name="idle">Nothing was to be done: it was not opened, and is no event.</param>
    /// <returns>False when the database did not take it: the operation stays open, and is settled later.</returns>
    public bool Close(Operation operation, OperationEnding ending, bool idle)
    {
        if (idle)
            return Store(operation, "outcome", () => journal.OpenAndClose(operation, ending));
        if (!Store(operation, "outcome", () => journal.Close(operation, ending)))
            return false;
        Store(operation, "event", () =>
            events.Append(new(EventOf(operation.Kind, ending.Outcome), ending.Message, operation.Service, Actor: operation.Actor)));
        return true;
    }

    /// <summary>Of an operation that failed and stays open: what settles it does not know the cause.</summary>
    public void Explain(Operation operation, OperationEnding ending)
    {
        if (ending.Outcome != OperationOutcome.Succeeded)
            Store(operation, "failure", () => journal.Explain(operation.Id, ending.Brief));
    }

    private bool Store(Operation operation, string what, Action store)
    {
        try
        {
            store();
            return true;
        }
        catch (AgentException e)
        {
            log.LogError(e, "The {What} of operation {Operation} could not be stored", what, operation.Id);
            return false;
        }
    }

    private static string EventOf(OperationKind kind, OperationOutcome outcome)
    {
        var done = kind switch
        {
            OperationKind.Deploy => EventKinds.Deployed,
            OperationKind.Rollback => EventKinds.RolledBack,
            OperationKind.Undeploy => EventKinds.Undeployed,
            OperationKind.Start => EventKinds.Started,
            OperationKind.Stop => EventKinds.Stopped,
            _ => EventKinds.Restarted,
        };
        return outcome == OperationOutcome.Succeeded ? done : kind.ToString().ToLowerInvariant() + "-failed";
    }
}
