using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>Told of each moment at which a step could be cut off; the agent's own does nothing. Tests kill the agent here.</summary>
internal delegate Task StepHook(PlanStep step, StepMoment moment);

internal enum StepMoment
{
    /// <summary>The journal says that it begins; nothing has been done.</summary>
    Before,

    /// <summary>It is done; the journal does not know yet.</summary>
    After,
}
