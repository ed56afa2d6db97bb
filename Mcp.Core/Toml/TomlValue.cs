namespace Mcp.Core.Toml;

/// <summary>The types of TOML, and one for a value that could not be read.</summary>
public enum TomlKind
{
    String,
    Integer,
    Float,
    Boolean,
    OffsetDateTime,
    LocalDateTime,
    LocalDate,
    LocalTime,
    Array,
    Table,

    /// <summary>The key is in the file, its value is broken; the reader has reported it. Nothing more should be said about it.</summary>
    Invalid,
}

/// <summary>A value and its place.</summary>
public abstract class TomlValue
{
    private protected TomlValue(TomlKind kind, TomlPosition position) => (Kind, Position) = (kind, position);

    public TomlKind Kind { get; }

    /// <summary>Of the value's first character; of the header for a [table].</summary>
    public TomlPosition Position { get; }
}

/// <summary>A string, integer, float, boolean, date or time.</summary>
public sealed class TomlScalar : TomlValue
{
    private TomlScalar(TomlKind kind, object value, TomlPosition position)
        : base(kind, position) => Value = value;

    /// <summary>string, long, double, bool, DateTimeOffset, DateTime (kind Unspecified), DateOnly or TimeOnly, as
    /// <see cref="TomlValue.Kind"/> says. Fractions of a second finer than 100 ns are cut off.</summary>
    public object Value { get; }

    public static TomlScalar Of(string value, TomlPosition position = default) => new(TomlKind.String, value, position);

    public static TomlScalar Of(long value, TomlPosition position = default) => new(TomlKind.Integer, value, position);

    public static TomlScalar Of(double value, TomlPosition position = default) => new(TomlKind.Float, value, position);

    public static TomlScalar Of(bool value, TomlPosition position = default) => new(TomlKind.Boolean, value, position);

    public static TomlScalar Of(DateTimeOffset value, TomlPosition position = default) => new(TomlKind.OffsetDateTime, value, position);

    public static TomlScalar Of(DateTime value, TomlPosition position = default) =>
        new(TomlKind.LocalDateTime, DateTime.SpecifyKind(value, DateTimeKind.Unspecified), position);

    public static TomlScalar Of(DateOnly value, TomlPosition position = default) => new(TomlKind.LocalDate, value, position);

    public static TomlScalar Of(TimeOnly value, TomlPosition position = default) => new(TomlKind.LocalTime, value, position);
}

/// <summary>Stands where a value could not be read.</summary>
public sealed class TomlInvalid(TomlPosition position) : TomlValue(TomlKind.Invalid, position);
