using System.Globalization;
using System.Text.Json;
using Mcp.Core.Toml;

namespace Mcp.Core.Tests.Toml;

/// <summary>Compares a value with toml-test's tagged JSON; says where they differ, or null.</summary>
internal static class TaggedJson
{
    public static string? Difference(TomlValue actual, JsonElement expected, string path = "") => actual switch
    {
        TomlTable table => Tables(table, expected, path),
        TomlArray array => Arrays(array, expected, path),
        TomlScalar scalar => Scalars(scalar, expected, path),
        _ => $"{path}: {actual.Kind}",
    };

    private static string? Tables(TomlTable table, JsonElement expected, string path)
    {
        if (expected.ValueKind != JsonValueKind.Object)
            return $"{path}: a table, expected {expected}";
        var keys = expected.EnumerateObject().Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        if (!keys.SetEquals(table.Select(e => e.Key)))
            return $"{path}: keys [{string.Join(", ", table.Select(e => e.Key))}], expected [{string.Join(", ", keys)}]";
        return table.Select(e => Difference(e.Value, expected.GetProperty(e.Key), $"{path}/{e.Key}")).FirstOrDefault(d => d is not null);
    }

    private static string? Arrays(TomlArray array, JsonElement expected, string path)
    {
        if (expected.ValueKind != JsonValueKind.Array || expected.GetArrayLength() != array.Count)
            return $"{path}: {array.Count} elements, expected {expected}";
        return array.Select((v, i) => Difference(v, expected[i], $"{path}/{i}")).FirstOrDefault(d => d is not null);
    }

    private static string? Scalars(TomlScalar scalar, JsonElement expected, string path)
    {
        var (type, text) = (expected.GetProperty("type").GetString(), expected.GetProperty("value").GetString()!);
        var equal = (type, scalar.Value) switch
        {
            ("string", string s) => s == text,
            ("integer", long n) => n == long.Parse(text, CultureInfo.InvariantCulture),
            ("float", double d) => d.Equals(Float(text)),
            ("bool", bool b) => b == (text == "true"),
            ("datetime", DateTimeOffset t) => t == DateTimeOffset.Parse(Cut(text), CultureInfo.InvariantCulture),
            ("datetime-local", DateTime t) => t == DateTime.Parse(Cut(text), CultureInfo.InvariantCulture),
            ("date-local", DateOnly t) => t == DateOnly.Parse(text, CultureInfo.InvariantCulture),
            ("time-local", TimeOnly t) => t == TimeOnly.Parse(Cut(text), CultureInfo.InvariantCulture),
            _ => false,
        };
        return equal ? null : $"{path}: {scalar.Kind} {scalar.Value}, expected {type} {text}";
    }

    private static double Float(string text) => text.TrimStart('+', '-') switch
    {
        "inf" => text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
        "nan" => double.NaN,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    // The reader keeps seven digits of a second's fraction.
    private static string Cut(string time) => System.Text.RegularExpressions.Regex.Replace(time, @"(\.\d{7})\d+", "$1");
}
