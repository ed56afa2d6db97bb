using Google.Protobuf.Reflection;
using Mcp.Testing;
using Mcp.V1;

namespace Mcp.Core.Tests.Protocol;

/// <summary>Numbers and types of what is on the wire, against a stored list: agents and clients of other versions count on them.</summary>
public sealed class WireNumbersTests
{
    [Fact]
    public void Numbers_OfFieldsAndEnumValues_AreTheStoredOnes()
    {
        var stored = File.ReadAllLines(Path.Combine(SourceTree.Root, "tests/Mcp.Core.Tests/Protocol/wire-numbers.txt"));
        var fields = AgentReflection.Descriptor.MessageTypes.SelectMany(m => m.Fields.InDeclarationOrder())
            .Select(f => $"{f.ContainingType.Name}.{f.Name} = {f.FieldNumber} {TypeOf(f)}");
        var values = AgentReflection.Descriptor.EnumTypes.SelectMany(e => e.Values)
            .Select(v => $"{v.EnumDescriptor.Name}.{v.Name} = {v.Number}");

        // What is new is added to the list. What is there already never changes; a field that is not needed any more becomes `reserved`.
        Assert.Equal(stored, fields.Concat(values).Order(StringComparer.Ordinal));
    }

    private static string TypeOf(FieldDescriptor field)
    {
        var type = field.FieldType switch
        {
            FieldType.Message => field.MessageType.Name,
            FieldType.Enum => field.EnumType.Name,
            var scalar => scalar.ToString().ToLowerInvariant(),
        };
        var optional = field is { HasPresence: true, RealContainingOneof: null } && field.FieldType != FieldType.Message;
        return field.IsMap ? "map<string, string>" : field.IsRepeated ? "repeated " + type : optional ? "optional " + type : type;
    }
}
