using Mcp.Core.Toml;
using Tomlyn;
using Tomlyn.Syntax;

namespace Mcp.Core.Toml.Reading;

/// <summary>One part of a dotted key.</summary>
internal readonly record struct KeyPart(string Name, TomlPosition Position);

/// <summary>Keys and values out of nodes without syntax errors; what Tomlyn lets through and TOML does not becomes
/// <see cref="TomlInvalid"/>.</summary>
/// <param name="firstLine">How many lines of the text come before the tree.</param>
internal sealed class ValueReader(TableBuilder builder, int firstLine)
{
    public TomlPosition At(SyntaxNode node) => new(firstLine + node.Span.Start.Line + 1, node.Span.Start.Column + 1);

    public KeyPart Part(BareKeyOrStringValueSyntax key) =>
        new(key is BareKeySyntax bare ? bare.Key!.Text! : ((StringValueSyntax)key).Value!, At(key));

    /// <summary>null, which is reported, when it has too many parts: dots nest without a bracket that Tomlyn would count.</summary>
    public IReadOnlyList<KeyPart>? Key(KeySyntax key)
    {
        if (key.DotKeys.ChildrenCount < TomlReader.MaxDepth)
            return [Part(key.Key!), .. key.DotKeys.Select(dotted => Part(dotted.Key!))];
        Refuse(At(key), SyntaxFault.TooDeep(0));
        return null;
    }

    public TomlValue Read(ValueSyntax value, int depth)
    {
        var at = At(value);
        if (depth > TomlReader.MaxDepth)
            return Refuse(at, SyntaxFault.TooDeep(0));
        return value switch
        {
            StringValueSyntax text => TomlScalar.Of(text.Value!, at),
            BooleanValueSyntax boolean => TomlScalar.Of(boolean.Value, at),
            FloatValueSyntax number => TomlScalar.Of(number.Value, at),
            // Tomlyn reads up to 64 bits without a sign, so that 0x8000000000000000 would be negative.
            IntegerValueSyntax number => number.Value < 0 && number.Token!.Text![0] != '-'
                ? Refuse(at, SyntaxFault.TooLarge(0)) : TomlScalar.Of(number.Value, at),
            DateTimeValueSyntax date => Date(date.Value, at),
            ArraySyntax array => Array(array, at, depth),
            InlineTableSyntax table => Table(table, at, depth),
            _ => new TomlInvalid(at),
        };
    }

    private TomlArray Array(ArraySyntax syntax, TomlPosition at, int depth)
    {
        var array = new TomlArray(at);
        foreach (var item in syntax.Items)
            array.Add(Read(item.Value!, depth + 1));
        return array;
    }

    private TomlTable Table(InlineTableSyntax syntax, TomlPosition at, int depth)
    {
        var table = new TomlTable(at);
        foreach (var entry in syntax.Items.Select(item => item.KeyValue!))
            if (Key(entry.Key!) is { } key)
                builder.Assign(table, key, Read(entry.Value!, depth + key.Count));
        Seal(table);
        return table;
    }

    /// <summary>Nothing can be added to a table in braces later, nor to the tables that its dotted keys made.</summary>
    private static void Seal(TomlTable table)
    {
        table.Origin = TableOrigin.Inline;
        foreach (var inner in table.Select(entry => entry.Value).OfType<TomlTable>().Where(inner => inner.Origin != TableOrigin.Inline))
            Seal(inner);
    }

    private static TomlScalar Date(TomlDateTime date, TomlPosition at) => date.Kind switch
    {
        TomlDateTimeKind.LocalDate => TomlScalar.Of(DateOnly.FromDateTime(date.DateTime.DateTime), at),
        TomlDateTimeKind.LocalTime => TomlScalar.Of(TimeOnly.FromDateTime(date.DateTime.DateTime), at),
        TomlDateTimeKind.LocalDateTime => TomlScalar.Of(date.DateTime.DateTime, at),
        _ => TomlScalar.Of(date.DateTime, at),
    };

    private TomlInvalid Refuse(TomlPosition at, SyntaxFault fault)
    {
        builder.Report(at, fault.Message, fault.Remedy);
        return new(at);
    }
}
