using Mcp.Cli.Output;
using Mcp.Core;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Spectre.Console;

namespace Mcp.Cli.Plans;

/// <summary>How what happens to one component reads.</summary>
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

    public static string Word(ComponentChange change) => change == ComponentChange.Run ? "run once" : StateText.Of(change);

    /// <summary>"create: new"; a component that is left alone says no more than that.</summary>
    public static string Summary(ComponentPlan component) => component switch
    {
        { Change: ComponentChange.Unchanged, Reason.Length: > 0 } => component.Reason,
        { Reason.Length: > 0 } => $"{Word(component.Change)}: {component.Reason}",
        _ => Word(component.Change),
    };

    /// <summary>"stop-first, as its routes keep their host ports"; null where nothing is replaced.</summary>
    public static string? Strategy(ComponentPlan component) => component.Strategy is { } strategy
        ? Name(strategy) + (component.StrategyReason.Length > 0 ? ": " + component.StrategyReason : "")
        : null;

    public static string Name(DeployStrategy strategy) => StrategyNames.Of(strategy);

    /// <summary>What is said before the steps: how containers are replaced that run now. Everything else the steps tell themselves.</summary>
    public static IEnumerable<Paragraph> Replacements(OperationPlanned plan) => plan.Components
        .Where(c => c.Strategy is not null)
        .Select(c => new Paragraph()
            .Append(Mark(c.Change) + " ", Style(c.Change))
            .Append(c.Component, StateStyle.Strong)
            .Append($" {Summary(c)}")
            .Append($"; {Strategy(c)}\n", StateStyle.Off));
}
