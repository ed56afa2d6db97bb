using Mcp.Cli.Output;
using Mcp.Core.Operations;
using Spectre.Console;

namespace Mcp.Cli.Plans;

/// <summary>What a plan does to one component, as a line.</summary>
internal static class ComponentPlanLine
{
    /// <summary>One character, so that a column of them is scanned at a glance.</summary>
    public static string Mark(ComponentChange change) => change switch
    {
        ComponentChange.Create => "+",
        ComponentChange.Replace or ComponentChange.Restart => "~",
        ComponentChange.Start or ComponentChange.Run => ">",
        ComponentChange.Stop or ComponentChange.Remove => "-",
        _ => " ",
    };

    public static Style Style(ComponentChange change) => change switch
    {
        ComponentChange.Create or ComponentChange.Start or ComponentChange.Run => StateStyle.Good,
        ComponentChange.Replace or ComponentChange.Restart or ComponentChange.Stop => StateStyle.Odd,
        ComponentChange.Remove => StateStyle.Bad,
        _ => StateStyle.Off,
    };

    /// <summary>Shown before the steps: how running containers are replaced. The steps themselves show everything else.</summary>
    public static IEnumerable<Paragraph> Replacements(OperationPlanned plan) => plan.Components
        .Where(c => c.Strategy is not null)
        .Select(c => new Paragraph()
            .Append(Mark(c.Change) + " ", Style(c.Change))
            .Append(c.Component, StateStyle.Strong)
            .Append($" {OperationText.Of(c)}")
            .Append($"; {OperationText.Strategy(c)}\n", StateStyle.Off));
}
