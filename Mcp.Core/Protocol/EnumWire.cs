using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Core.Status;
using Wire = Mcp.V1;

namespace Mcp.Core.Protocol;

/// <summary>All enums of the wire that records have, too.</summary>
internal static class EnumWire
{
    public static readonly EnumMap<ComponentKind, Wire.ComponentKind> ComponentKinds = new(ComponentKind.Server);
    public static readonly EnumMap<DeployStrategy, Wire.DeployStrategy> Strategies = new(DeployStrategy.Auto);
    public static readonly EnumMap<RouteMode, Wire.RouteMode> RouteModes = new(RouteMode.L4);
    public static readonly EnumMap<PullPolicy, Wire.PullPolicy> PullPolicies = new(PullPolicy.Missing);
    public static readonly EnumMap<ComponentChange, Wire.ComponentChange> Changes = new();
    public static readonly EnumMap<OperationKind, Wire.OperationKind> OperationKinds = new();
    public static readonly EnumMap<StepState, Wire.StepState> StepStates = new();
    public static readonly EnumMap<OperationOutcome, Wire.OperationOutcome> OperationOutcomes = new();
    public static readonly EnumMap<ReleaseOutcome, Wire.ReleaseOutcome> ReleaseOutcomes = new();
    public static readonly EnumMap<DesiredState, Wire.DesiredState> DesiredStates = new();
    public static readonly EnumMap<ObservedState, Wire.ObservedState> ObservedStates = new(ObservedState.Unknown);
}
