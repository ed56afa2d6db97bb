using Mcp.Core.Collections;
using Mcp.Core.Operations;
using Wire = Mcp.V1;

namespace Mcp.Core.Protocol;

/// <summary>Plans, as people see them, to the wire and back.</summary>
public static class PlanWire
{
    public static Wire.OperationPlan ToPlan(this OperationPlanned planned) => new()
    {
        Kind = EnumWire.OperationKinds.ToWire(planned.Kind),
        Service = planned.Service,
        Steps = { planned.Steps.Select(ToWire) },
        Warnings = { planned.Warnings },
        Components = { planned.Components.Select(ToWire) },
        Release = planned.Release ?? 0,
        RollbackOf = planned.RollbackOf ?? 0,
    };

    public static OperationPlanned ToPlanned(this Wire.OperationPlan wire, string operationId, DateTimeOffset at) =>
        new(
            operationId, at, EnumWire.OperationKinds.ToRecord(wire.Kind), wire.Service, wire.Steps.Select(ToStep).ToValueList(),
            wire.Warnings.ToValueList())
        {
            Components = wire.Components.Select(ToComponent).ToValueList(),
            Release = wire.Release == 0 ? null : wire.Release,
            RollbackOf = wire.RollbackOf == 0 ? null : wire.RollbackOf,
        };

    private static Wire.PlanStep ToWire(StepSummary step) => new()
    {
        Index = step.Index,
        Component = step.Component,
        Action = step.Action,
        Description = step.Description,
        Reason = step.Reason,
        RunLine = step.RunLine,
        After = { step.After },
    };

    private static StepSummary ToStep(Wire.PlanStep wire) =>
        new(wire.Index, wire.Component, wire.Action, wire.Description, wire.Reason, wire.RunLine) { After = wire.After.ToValueList() };

    private static Wire.ComponentPlan ToWire(ComponentPlan component) => new()
    {
        Component = component.Component,
        Change = EnumWire.Changes.ToWire(component.Change),
        Reason = component.Reason,
        Strategy = component.Strategy is { } given ? EnumWire.Strategies.ToWire(given) : Wire.DeployStrategy.Unspecified,
        StrategyReason = component.StrategyReason,
        RunLine = component.RunLine,
    };

    private static ComponentPlan ToComponent(Wire.ComponentPlan wire) => new(
        wire.Component, EnumWire.Changes.ToRecord(wire.Change), wire.Reason,
        wire.Strategy == Wire.DeployStrategy.Unspecified ? null : EnumWire.Strategies.ToRecord(wire.Strategy), wire.StrategyReason,
        wire.RunLine);
}
