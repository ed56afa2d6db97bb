namespace Mcp.Core.Toml;

/// <summary>The types as messages call them.</summary>
public static class TomlKindNames
{
    public static string Described(this TomlKind kind) => kind switch
    {
        TomlKind.String => "a string",
        TomlKind.Integer => "an integer",
        TomlKind.Float => "a float",
        TomlKind.Boolean => "a boolean",
        TomlKind.OffsetDateTime or TomlKind.LocalDateTime => "a date-time",
        TomlKind.LocalDate => "a date",
        TomlKind.LocalTime => "a time",
        TomlKind.Array => "an array",
        TomlKind.Table => "a table",
        _ => "unreadable",
    };
}
