using Mcp.Core;
using Mcp.Core.Operations;
using Mcp.Core.Status;
using Spectre.Console;

namespace Mcp.Cli.Output;

/// <summary>The colours of states: green is good, yellow is under way or unusual, red is bad, grey is off on purpose.</summary>
internal static class StateStyle
{
    public static readonly Style Good = new(Color.Green);
    public static readonly Style Odd = new(Color.Yellow);
    public static readonly Style Bad = new(Color.Red);
    public static readonly Style Off = new(Color.Grey);
    public static readonly Style Strong = new(decoration: Decoration.Bold);

    public static TableCell Cell(ComponentStatus component)
    {
        var text = StateText.Of(component.State) + (
            component is { State: ObservedState.Exited or ObservedState.Dead, ExitCode: { } code } ? $" ({code})" : "");
        return new(text, Of(component));
    }

    private static Style Of(ComponentStatus component) => component switch
    {
        { Flapping: true } => Odd,
        { Desired: DesiredState.Running, State: ObservedState.Running } => Good,
        { Desired: DesiredState.Stopped, State: not (ObservedState.Running or ObservedState.Restarting or ObservedState.Unknown) } => Off,
        { Desired: DesiredState.Completed, State: ObservedState.Exited, ExitCode: 0 } => Good,
        // A task that still runs is on its way.
        { Desired: DesiredState.Completed, State: ObservedState.Running } => Odd,
        { State: ObservedState.Created or ObservedState.Restarting or ObservedState.Paused or ObservedState.Unknown } => Odd,
        _ => Bad,
    };

    public static Style Of(StepState state) => state switch
    {
        StepState.Done => Good,
        StepState.Failed => Bad,
        StepState.RolledBack => Odd,
        _ => Off,
    };
}
