using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Mcp.Core.Protocol;

/// <summary>How many entries, how long a text and which numbers a request may have, for every field of every request. The agent checks this
/// before it looks at anything else, so that no work grows with what a caller sends.</summary>
public static class RequestLimits
{
    /// <summary>Entries of a list or a map, where <see cref="Counts"/> has no other number.</summary>
    public const int Entries = 1000;

    /// <summary>Bytes of a text in UTF-8, where <see cref="Texts"/> has no other number.</summary>
    public const int Text = 4096;

    /// <summary>Linux gives a process no argument or variable that is longer (MAX_ARG_STRLEN less the NUL).</summary>
    public const int Argument = 131_071;

    public const int Components = 500;

    private static readonly FrozenDictionary<string, int> Counts = new Dictionary<string, int>
    {
        ["mcp.v1.ServiceDefinition.components"] = Components,
        ["mcp.v1.ComponentDefinition.depends_on"] = 64,
        ["mcp.v1.ComponentDefinition.ports"] = 100,
        ["mcp.v1.ComponentDefinition.volumes"] = 100,
        ["mcp.v1.ComponentDefinition.routes"] = 100,
        ["mcp.v1.GetEventsRequest.services"] = 100,
        ["mcp.v1.GetEventsRequest.components"] = 100,
        ["mcp.v1.GetEventsRequest.kinds"] = 100,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, int> Texts = new Dictionary<string, int>
    {
        ["mcp.v1.ComponentDefinition.cmd"] = Argument,
        ["mcp.v1.ComponentDefinition.env"] = Argument,
        ["mcp.v1.HealthDefinition.exec"] = Argument,
        ["mcp.v1.ServiceDefinition.BuildArgumentsEntry.value"] = Argument,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, (long Least, long Most)> Ranges = new Dictionary<string, (long, long)>
    {
        ["mcp.v1.GetLogsRequest.tail"] = (0, 1_000_000),
        ["mcp.v1.GetEventsRequest.tail"] = (0, 1_000_000),
        ["mcp.v1.GetAuditRequest.tail"] = (0, 1_000_000),
        ["mcp.v1.RollbackRequest.to"] = (0, int.MaxValue),
        // No length of time in a request is negative. The most is what google.protobuf.Duration permits.
        ["google.protobuf.Duration.seconds"] = (0, 315_576_000_000),
        ["google.protobuf.Duration.nanos"] = (0, 999_999_999),
    }.ToFrozenDictionary();

    /// <returns>The first place that is beyond its limit: "components of ServiceDefinition has more than 500 entries"; null: there is
    /// none.</returns>
    public static string? Find(IMessage request)
    {
        using var input = new CodedInputStream(request.ToByteArray());
        return Find(input, request.Descriptor);
    }

    // Fields are no deeper than the descriptors, which do not recurse. What the descriptors do not have is UnknownContent's.
    private static string? Find(CodedInputStream input, MessageDescriptor type)
    {
        var counts = new Dictionary<int, int>();
        while (input.ReadTag() is not 0 and var tag)
        {
            if (type.FindFieldByNumber(WireFormat.GetTagFieldNumber(tag)) is not { } field)
            {
                input.SkipLastField();
                continue;
            }
            if (field.IsRepeated && Count(counts, field) is var count && count > Counts.GetValueOrDefault(field.FullName, Entries))
                return $"{Name(field)} has more than {count - 1} entries";
            if (InField(input, field, WireFormat.GetTagWireType(tag)) is { } found)
                return found;
        }
        return null;
    }

    private static string? InField(CodedInputStream input, FieldDescriptor field, WireFormat.WireType sent)
    {
        switch (field.FieldType)
        {
            case FieldType.Message when sent == WireFormat.WireType.LengthDelimited:
                using (var nested = input.ReadBytes().CreateCodedInput())
                    return Find(nested, field.MessageType);
            case FieldType.String when sent == WireFormat.WireType.LengthDelimited:
                var most = Texts.GetValueOrDefault(field.FullName, Text);
                return input.ReadBytes().Length > most ? $"{Name(field)} has a text of more than {most} bytes" : null;
            case FieldType.Int32 or FieldType.Int64
                when sent == WireFormat.WireType.Varint && Ranges.TryGetValue(field.FullName, out var range):
                var number = input.ReadInt64();
                return number < range.Least || number > range.Most
                    ? $"{Name(field)} is {number}, which is not from {range.Least} to {range.Most}" : null;
            default:
                input.SkipLastField();
                return null;
        }
    }

    private static int Count(Dictionary<int, int> counts, FieldDescriptor field) =>
        counts[field.FieldNumber] = counts.GetValueOrDefault(field.FieldNumber) + 1;

    private static string Name(FieldDescriptor field) => $"{field.Name} of {field.ContainingType.Name}";
}
