using Google.Protobuf.WellKnownTypes;
using Mcp.Core.Collections;
using Mcp.Core.Operations;
using Mcp.Core.Status;
using Wire = Mcp.V1;

namespace Mcp.Core.Protocol;

/// <summary>Releases and audit entries to the wire and back.</summary>
public static class ReleaseWire
{
    public static Wire.Release ToWire(this Release release) => new()
    {
        Service = release.Service,
        Number = release.Number,
        OperationId = release.OperationId,
        Kind = EnumWire.OperationKinds.ToWire(release.Kind),
        RollbackOf = release.RollbackOf ?? 0,
        Component = release.Component ?? "",
        Actor = release.Actor,
        StartedAt = Timestamp.FromDateTimeOffset(release.StartedAt),
        EndedAt = release.EndedAt.ToWire(),
        Outcome = EnumWire.ReleaseOutcomes.ToWire(release.Outcome),
        Message = SafeText.Of(release.Message, lines: true),
        Current = release.Current,
        Images = { release.Images.Select(i => new Wire.ReleaseImage { Component = i.Component, Image = i.Image, Digest = i.Digest }) },
        Definition = release.Definition.ToWire(),
    };

    public static Release ToRelease(this Wire.Release wire) => new()
    {
        Service = wire.Service,
        Number = wire.Number,
        OperationId = wire.OperationId,
        Kind = EnumWire.OperationKinds.ToRecord(wire.Kind),
        RollbackOf = wire.RollbackOf == 0 ? null : wire.RollbackOf,
        Component = DefinitionWire.NullIfEmpty(wire.Component),
        Actor = wire.Actor,
        StartedAt = wire.StartedAt.ToTime() ?? default,
        EndedAt = wire.EndedAt.ToTime(),
        Outcome = EnumWire.ReleaseOutcomes.ToRecord(wire.Outcome),
        Message = wire.Message,
        Current = wire.Current,
        Images = wire.Images.Select(i => new ReleaseImage(i.Component, i.Image, i.Digest)).ToValueList(),
        Definition = (wire.Definition ?? new()).ToDefinition(),
    };

    public static Wire.AuditEntry ToWire(this AuditEntry entry) => new()
    {
        Id = entry.Id,
        At = Timestamp.FromDateTimeOffset(entry.At),
        Actor = entry.Actor,
        Role = entry.Role,
        From = entry.From,
        Action = entry.Action,
        Service = entry.Service,
        Component = entry.Component,
        OperationId = entry.OperationId,
        Outcome = entry.Outcome,
        Message = SafeText.Of(entry.Message, lines: true),
    };

    public static AuditEntry ToEntry(this Wire.AuditEntry wire) => new(
        wire.Id, wire.At.ToTime() ?? default, wire.Actor, wire.Role, wire.From, wire.Action, wire.Service, wire.Component, wire.OperationId,
        wire.Outcome, wire.Message);

    public static Wire.VerifyAuditResponse ToWire(this AuditCheck check) => new()
    {
        Entries = check.Entries,
        From = check.From.ToWire(),
        To = check.To.ToWire(),
        Hash = check.Hash,
        Problem = check.Problem,
    };

    public static AuditCheck ToCheck(this Wire.VerifyAuditResponse wire) =>
        new(wire.Entries, wire.From.ToTime(), wire.To.ToTime(), wire.Hash, wire.Problem);

    public static Wire.GetAuditRequest ToWire(this AuditRequest request)
    {
        var wire = new Wire.GetAuditRequest { Service = request.Service ?? "", Since = request.Since.ToWire() };
        if (request.Tail is { } tail)
            wire.Tail = tail;
        return wire;
    }

    public static AuditRequest ToRequest(this Wire.GetAuditRequest wire) =>
        new(DefinitionWire.NullIfEmpty(wire.Service), wire.Since.ToTime(), wire.HasTail ? wire.Tail : null);
}
