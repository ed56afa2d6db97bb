using Google.Protobuf.WellKnownTypes;
using Mcp.Core.Collections;
using Mcp.Core.Operations;
using Wire = Mcp.V1;

namespace Mcp.Core.Protocol;

/// <summary>Operation updates to the wire and back.</summary>
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
                    Kind = EnumWire.OperationKinds.ToWire(waiting.Kind),
                    OperationId = waiting.Holder,
                    Since = Timestamp.FromDateTimeOffset(waiting.Since),
                };
                break;
            case StepProgressed step:
                wire.Step = new Wire.StepProgress
                {
                    Index = step.Index,
                    State = EnumWire.StepStates.ToWire(step.State),
                    Message = SafeText.Of(step.Message, lines: true),
                    Elapsed = Duration.FromTimeSpan(step.Elapsed),
                };
                break;
            case OperationEnded ended:
                wire.Result = new Wire.OperationResult
                {
                    Outcome = EnumWire.OperationOutcomes.ToWire(ended.Outcome),
                    Message = SafeText.Of(ended.Message, lines: true),
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
        var at = wire.At.ToTime() ?? DateTimeOffset.UnixEpoch;
        return wire.EventCase switch
        {
            Wire.OperationEvent.EventOneofCase.Plan => wire.Plan.ToPlanned(id, at),
            Wire.OperationEvent.EventOneofCase.Waiting => new OperationWaiting(
                at, wire.Waiting.Actor, EnumWire.OperationKinds.ToRecord(wire.Waiting.Kind), wire.Waiting.OperationId,
                wire.Waiting.Since.ToTime() ?? at),
            Wire.OperationEvent.EventOneofCase.Step => new StepProgressed(
                id, at, wire.Step.Index, EnumWire.StepStates.ToRecord(wire.Step.State), wire.Step.Message,
                wire.Step.Elapsed.ToDuration() ?? TimeSpan.Zero),
            Wire.OperationEvent.EventOneofCase.Result => new OperationEnded(
                id, at, EnumWire.OperationOutcomes.ToRecord(wire.Result.Outcome), wire.Result.Message, wire.Result.Remedy,
                wire.Result.ErrorId, wire.Result.Components.Select(StatusWire.ToStatus).ToValueList(),
                wire.Result.Elapsed.ToDuration() ?? TimeSpan.Zero),
            _ => null,
        };
    }

    public static Wire.CancelOperationResponse ToWire(this CancelledOperation cancelled) => new()
    {
        OperationId = cancelled.OperationId,
        Kind = EnumWire.OperationKinds.ToWire(cancelled.Kind),
        Actor = cancelled.Actor,
    };

    public static CancelledOperation ToCancelled(this Wire.CancelOperationResponse wire) =>
        new(wire.OperationId, EnumWire.OperationKinds.ToRecord(wire.Kind), wire.Actor);
}
