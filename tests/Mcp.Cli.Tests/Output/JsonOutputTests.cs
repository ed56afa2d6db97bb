using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Mcp.Cli.Output;
using Mcp.Core.Collections;

namespace Mcp.Cli.Tests.Output;

public sealed class JsonOutputTests
{
    /// <summary>What --json means, said with reflection: the generated code must write the same, byte by byte.</summary>
    private static readonly JsonSerializerOptions Reflected = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower), new SecondsConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static TheoryData<Type> Records => [.. typeof(OutputJson).GetCustomAttributesData()
        .Where(a => a.AttributeType == typeof(JsonSerializableAttribute)).Select(a => (Type)a.ConstructorArguments[0].Value!)];

    [Theory]
    [MemberData(nameof(Records))]
    public void Options_EachRecord_AreWrittenAsByReflection(Type type)
    {
        var filled = Fill(type);

        Assert.Equal(
            JsonSerializer.Serialize(filled, type, Reflected), JsonSerializer.Serialize(filled, JsonOutput.Options.GetTypeInfo(type)));
    }

    private static object Fill(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return "é <a> \"b\"";
        if (type == typeof(DateTimeOffset))
            return new DateTimeOffset(2026, 3, 1, 12, 0, 0, 125, TimeSpan.FromHours(1));
        if (type == typeof(TimeSpan))
            return TimeSpan.FromMilliseconds(1234.5678);
        if (type == typeof(ValueMap))
            return new ValueMap([new("key", "value")]);
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)!;
        if (type.IsPrimitive)
            return Convert.ChangeType(1, type, System.Globalization.CultureInfo.InvariantCulture);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>))
        {
            var item = type.GetGenericArguments()[0];
            var items = Array.CreateInstance(item, 1);
            items.SetValue(Fill(item), 0);
            return typeof(ValueList).GetMethod(nameof(ValueList.ToValueList))!.MakeGenericMethod(item).Invoke(null, [items])!;
        }
        var record = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.SetMethod is not null && !p.PropertyType.IsAssignableTo(typeof(Exception))))
            property.SetValue(record, Fill(property.PropertyType));
        return record;
    }
}
