using Google.Protobuf.WellKnownTypes;
using Mcp.Core.Collections;
using Mcp.Core.Operations;
using Wire = Mcp.V1;

namespace Mcp.Core.Protocol;

/// <summary>Operation updates to the wire and back. The wire's enums have an UNSPECIFIED 0 before the first value.</summary>
public static class OperationWire
{
    public static Wire.OperationEvent ToWire(this OperationUpdate update)
    {
        var wire = new Wire.OperationEvent { OperationId = update.OperationId, At = Timestamp.FromDateTimeOffset(update.At) };
        switch (update)
        {
            case OperationPlanned planned:
                wire.Plan = planned.ToPlan();
                break;
            case OperationWaiting waiting:
                wire.Waiting = new Wire.OperationWaiting
                {
                    Actor = waiting.Actor,
                    Kind = (Wire.OperationKind)(waiting.Kind + 1),
                    OperationId = waiting.Holder,
                    Since = Timestamp.FromDateTimeOffset(waiting.Since),
                };
                break;
            case StepProgressed step:
                wire.Step = new Wire.StepProgress
                {
                    Index = step.Index,
                    State = (Wire.StepState)(step.State + 1),
                    Message = step.Message,
                    Elapsed = Duration.FromTimeSpan(step.Elapsed),
                };
                break;
            case OperationEnded ended:
                wire.Result = new Wire.OperationResult
                {
                    Outcome = (Wire.OperationOutcome)(ended.Outcome + 1),
                    Message = ended.Message,
                    Remedy = ended.Remedy,
                    ErrorId = ended.ErrorId,
                    Components = { ended.Components.Select(StatusWire.ToWire) },
                    Elapsed = Duration.FromTimeSpan(ended.Elapsed),
                };
                break;
            default:
                throw new ArgumentException($"no wire form for {update.GetType().Name}", nameof(update));
        }
        return wire;
    }

    /// <summary>null for an event that only a newer agent knows.</summary>
    public static OperationUpdate? ToUpdate(this Wire.OperationEvent wire)
    {
        var id = wire.OperationId;
        var at = wire.At?.ToDateTimeOffset() ?? DateTimeOffset.UnixEpoch;
        return wire.EventCase switch
        {
            Wire.OperationEvent.EventOneofCase.Plan => wire.Plan.ToPlanned(id, at),
            Wire.OperationEvent.EventOneofCase.Waiting => new OperationWaiting(
                at, wire.Waiting.Actor, (OperationKind)(wire.Waiting.Kind - 1), wire.Waiting.OperationId, wire.Waiting.Since?.ToDateTimeOffset() ?? at),
            Wire.OperationEvent.EventOneofCase.Step => new StepProgressed(
                id, at, wire.Step.Index, (StepState)(wire.Step.State - 1), wire.Step.Message, wire.Step.Elapsed?.ToTimeSpan() ?? TimeSpan.Zero),
            Wire.OperationEvent.EventOneofCase.Result => new OperationEnded(
                id, at, (OperationOutcome)(wire.Result.Outcome - 1), wire.Result.Message, wire.Result.Remedy, wire.Result.ErrorId,
                wire.Result.Components.Select(StatusWire.ToStatus).ToValueList(), wire.Result.Elapsed?.ToTimeSpan() ?? TimeSpan.Zero),
            _ => null,
        };
    }
}
