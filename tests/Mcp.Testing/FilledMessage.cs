using System.Collections;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Mcp.Testing;

/// <summary>Messages with every field set, each to a value of its own that is not the default.</summary>
/// <param name="round">Chooses the member of a oneof and the value of an enum; in odd ones, optional fields are set to their zero.</param>
/// <param name="enumNumber">In place of a value that the enum has; null: one that it has.</param>
public sealed class FilledMessage(int round, int? enumNumber = null)
{
    private int _next;

    public static IMessage Empty(MessageDescriptor type) => type.Parser.ParseFrom(Array.Empty<byte>());

    public IMessage Of(MessageDescriptor type)
    {
        var message = Empty(type);
        foreach (var field in type.Fields.InDeclarationOrder().Where(f => f.RealContainingOneof is not { } oneof || Chosen(oneof) == f))
        {
            if (field.IsMap)
                for (var i = 0; i < 2; i++)
                    ((IDictionary)field.Accessor.GetValue(message)).Add(Text(field, ++_next), Text(field, ++_next));
            else if (field.IsRepeated)
                for (var i = 0; i < 2; i++)
                    ((IList)field.Accessor.GetValue(message)).Add(Value(field));
            else
                field.Accessor.SetValue(message, IsOptional(field) && round % 2 == 1 ? Zero(field) : Value(field));
        }
        return message;
    }

    private static bool IsOptional(FieldDescriptor field) =>
        field is { HasPresence: true, RealContainingOneof: null } && field.FieldType != FieldType.Message;

    private FieldDescriptor Chosen(OneofDescriptor oneof) => oneof.Fields[round % oneof.Fields.Count];

    private object Value(FieldDescriptor field) => (field.FieldType, ++_next) switch
    {
        (FieldType.String, var n) => Text(field, n),
        (FieldType.Bool, _) => true,
        (FieldType.Int32, var n) => n,
        (FieldType.Int64, var n) => 5_000_000_000L + n,
        (FieldType.Double, var n) => n + 0.25,
        (FieldType.Bytes, var n) => ByteString.CopyFrom((byte)n),
        (FieldType.Enum, _) => enumNumber ?? field.EnumType.Values[1 + (round % (field.EnumType.Values.Count - 1))].Number,
        (FieldType.Message, var n) when field.MessageType.FullName == Timestamp.Descriptor.FullName =>
            new Timestamp { Seconds = 1_700_000_000 + n, Nanos = n * 1000 },
        (FieldType.Message, var n) when field.MessageType.FullName == Duration.Descriptor.FullName =>
            new Duration { Seconds = n, Nanos = n * 1_000_000 },
        (FieldType.Message, _) => Of(field.MessageType),
        var (type, _) => throw new NotSupportedException($"say here what a {type} is filled with"),
    };

    private static object Zero(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.String => "",
        FieldType.Bool => false,
        FieldType.Int32 => 0,
        var type => throw new NotSupportedException($"say here what the zero of {type} is"),
    };

    /// <summary>Text of the form that the field has, where it has one.</summary>
    private static string Text(FieldDescriptor field, int n) => field.FullName switch
    {
        "mcp.v1.ComponentDefinition.ports" => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{8000 + n}:{n}/udp"),
        "mcp.v1.ComponentDefinition.volumes" => string.Create(CultureInfo.InvariantCulture, $"volume{n}:/data/{n}:ro"),
        // A digest, and as well a reference.
        "mcp.v1.DeployRequest.digests" => string.Create(CultureInfo.InvariantCulture, $"sha256:{n:x64}"),
        "mcp.v1.DeployRequest.to_be_pushed" or "mcp.v1.DeployRequest.to_be_sent" =>
            string.Create(CultureInfo.InvariantCulture, $"registry/image{n}:v1"),
        "mcp.v1.ComponentDefinition.memory" => string.Create(CultureInfo.InvariantCulture, $"{100 + n}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{field.Name} {n}"),
    };
}
