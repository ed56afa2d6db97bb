using Google.Protobuf.WellKnownTypes;
using Mcp.Core.Collections;
using Mcp.Core.Status;
using Wire = Mcp.V1;

namespace Mcp.Core.Protocol;

/// <summary>Log lines and events, and what is asked of them, to the wire and back.</summary>
public static class LogWire
{
    public static Wire.LogLine ToWire(this LogEntry line) => new()
    {
        Service = line.Service,
        Component = line.Component,
        At = Timestamp.FromDateTimeOffset(line.At),
        Stream = line.IsError ? Wire.LogStream.Stderr : Wire.LogStream.Stdout,
        Text = line.Text,
    };

    public static LogEntry ToEntry(this Wire.LogLine wire) =>
        new(wire.Service, wire.Component, wire.At.ToTime() ?? default, wire.Stream == Wire.LogStream.Stderr, wire.Text);

    public static Wire.GetLogsRequest ToWire(this LogRequest request)
    {
        var wire = new Wire.GetLogsRequest
        {
            Service = request.Service,
            Component = request.Component ?? "",
            Since = request.Since.ToWire(),
            Follow = request.Follow,
        };
        if (request.Tail is { } tail)
            wire.Tail = tail;
        return wire;
    }

    public static LogRequest ToRequest(this Wire.GetLogsRequest wire) => new(
        wire.Service, DefinitionWire.NullIfEmpty(wire.Component), wire.HasTail ? wire.Tail : null, wire.Since.ToTime(), wire.Follow);

    public static Wire.Event ToWire(this EventEntry entry) => new()
    {
        Id = entry.Id,
        At = Timestamp.FromDateTimeOffset(entry.At),
        Service = entry.Service,
        Component = entry.Component,
        Kind = entry.Kind,
        From = entry.From,
        To = entry.To,
        Message = SafeText.Of(entry.Message, lines: true),
        Actor = entry.Actor,
    };

    public static EventEntry ToEntry(this Wire.Event wire) => new(
        wire.Id, wire.At.ToTime() ?? default, wire.Service, wire.Component, wire.Kind, wire.From, wire.To, wire.Message, wire.Actor);

    public static Wire.GetEventsRequest ToWire(this EventRequest request)
    {
        var wire = new Wire.GetEventsRequest { Service = request.Service ?? "", Since = request.Since.ToWire(), Follow = request.Follow };
        if (request.Tail is { } tail)
            wire.Tail = tail;
        wire.Services.AddRange(request.Services);
        wire.Components.AddRange(request.Components);
        wire.Kinds.AddRange(request.Kinds);
        return wire;
    }

    public static EventRequest ToRequest(this Wire.GetEventsRequest wire) =>
        new(DefinitionWire.NullIfEmpty(wire.Service), wire.Since.ToTime(), wire.HasTail ? wire.Tail : null, wire.Follow)
        {
            Services = wire.Services.ToValueList(),
            Components = wire.Components.ToValueList(),
            Kinds = wire.Kinds.ToValueList(),
        };
}
