using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Mcp.Core.Protocol;

/// <summary>Finds what a newer program put into a message and this one has no field or enum value for.</summary>
public static class UnknownContent
{
    /// <returns>The first such place: "field 19 of ComponentDefinition",
    /// "value 7 in mode of RouteDefinition"; null: there is none.</returns>
    public static string? Find(IMessage message)
    {
        // A message keeps what it could not read, and writes it again. Its fields are no deeper than the descriptors, which do not recurse.
        using var input = new CodedInputStream(message.ToByteArray());
        return Find(input, message.Descriptor);
    }

    private static string? Find(CodedInputStream input, MessageDescriptor type)
    {
        while (input.ReadTag() is not 0 and var tag)
        {
            var number = WireFormat.GetTagFieldNumber(tag);
            var field = type.FindFieldByNumber(number);
            if (field is null || !IsReadable(field, WireFormat.GetTagWireType(tag)))
                return $"field {number} of {type.Name}";
            if (field.FieldType == FieldType.Message)
            {
                using var nested = input.ReadBytes().CreateCodedInput();
                if (Find(nested, field.MessageType) is { } found)
                    return found;
            }
            else if (field.FieldType == FieldType.Enum && !field.IsRepeated)
            {
                if (input.ReadEnum() is var value && field.EnumType.FindValueByNumber(value) is null)
                    return $"value {value} in {field.Name} of {type.Name}";
            }
            else
            {
                input.SkipLastField();
            }
        }
        return null;
    }

    /// <summary>A known number in another encoding is kept as unknown, too.</summary>
    private static bool IsReadable(FieldDescriptor field, WireFormat.WireType sent) => field.FieldType switch
    {
        FieldType.Message or FieldType.String or FieldType.Bytes => sent == WireFormat.WireType.LengthDelimited,
        _ when field.IsRepeated && sent == WireFormat.WireType.LengthDelimited => true,
        FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64 => sent == WireFormat.WireType.Fixed64,
        FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32 => sent == WireFormat.WireType.Fixed32,
        _ => sent == WireFormat.WireType.Varint,
    };
}
