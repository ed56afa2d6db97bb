using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Mcp.Core.Toml.Reading;

/// <summary>From Tomlyn's syntax tree to <see cref="TomlTable"/>. Of the errors in one parse only the first is real, those after it are
/// its echo: the tree is used up to there, and the rest of the text is parsed again from the next statement.</summary>
internal sealed class DocumentReader
{
    // A parse continues after its first error and is repeated for each: so a large text is parsed in pieces.
    private const int Piece = 16 * 1024;

    private readonly string _text;
    private readonly List<TomlError> _errors;
    private readonly TableBuilder _builder;
    private TomlTable _current;

    public DocumentReader(string text, List<TomlError> errors)
    {
        (_text, _errors) = (text, errors);
        _builder = new TableBuilder((at, message, remedy) => errors.Add(new(at, message, remedy)));
        _current = Root;
    }

    public TomlTable Root { get; } = new(new(1, 1));

    public bool LostTables { get; private set; }

    /// <summary>Reads from the beginning of a line up to the first error, or as far as a piece goes.</summary>
    /// <returns>Where to resume.</returns>
    public int ReadFrom(int start)
    {
        var (piece, document, fault, thrown) = ParsePiece(start);
        var values = new ValueReader(_builder, _text.AsSpan(0, start).Count('\n'));
        var end = Math.Min(fault?.Span.Start.Offset ?? int.MaxValue, thrown?.Offset ?? int.MaxValue);

        SyntaxNode? broken = null;
        foreach (var statement in Statements(document))
        {
            if (!EndsBefore(statement, end))
            {
                broken = statement.Span.Start.Offset <= end ? statement : null;
                break;
            }
            if (statement is TableSyntaxBase table)
                Open(table, values);
            else if (statement is KeyValueSyntax assignment && values.Key(assignment.Key!) is { } key)
                _builder.Assign(_current, key, values.Read(assignment.Value!, key.Count));
        }
        if (end == int.MaxValue)
            return start + piece.Length;

        ReadBroken(broken, values, end);
        var found = end == thrown?.Offset ? thrown : SyntaxFault.Of(fault!, piece, broken);
        _errors.Add(new(TomlPosition.At(_text, start + found.Offset), found.Message, found.Remedy));
        return start + found.Resume(_text[start..]);
    }

    /// <summary>A piece that ends with a line, and is as long as its last statement needs.</summary>
    private (string Piece, DocumentSyntax Document, DiagnosticMessage? Fault, SyntaxFault? Thrown) ParsePiece(int start)
    {
        for (var length = Piece; ; length *= 8)
        {
            var cut = length < _text.Length - start ? _text.IndexOf('\n', start + length) : -1;
            var piece = cut < 0 ? _text[start..] : _text[start..(cut + 1)];
            var (document, thrown) = Parse(piece);
            // At the end of the text Tomlyn also gives echo errors without a place.
            var fault = document.Diagnostics.Where((d, i) => i == 0 || d.Span.Start.Offset > 0).MinBy(d => d.Span.Start.Offset);
            if (start + piece.Length == _text.Length || fault is null || thrown is not null || !IsCut(fault, piece))
                return (piece, document, fault, thrown);
        }
    }

    /// <summary>What is known of the statement with the error: that its key is meant and so not missing, or which table it opens.</summary>
    private void ReadBroken(SyntaxNode? statement, ValueReader values, int end)
    {
        if (statement is KeyValueSyntax { Key.Key: { } first } && first.Span.Start.Offset < end
            && values.Part(first) is { Name: not null } part)
        {
            if (!_current.TryGet(part.Name, out _))
                _current.Add(part.Name, new TomlInvalid(part.Position), part.Position);
        }
        else if (statement is TableSyntaxBase { Name: { } name })
        {
            var readable = name.Key is not null && name.Span.End.Offset < end && name.DotKeys.All(k => k.Key is not null);
            if (readable)
                Open((TableSyntaxBase)statement, values);
            else
                (LostTables, _current) = (true, new TomlTable());
        }
    }

    private void Open(TableSyntaxBase table, ValueReader values)
    {
        var key = values.Key(table.Name!);
        LostTables |= key is null;
        _current = key is null ? new TomlTable() : _builder.Open(Root, key, table is TableArraySyntax, values.At(table));
    }

    /// <summary>Whether the error may be that the piece ends here.</summary>
    private static bool IsCut(DiagnosticMessage fault, string piece) =>
        fault.Span.Start.Offset >= piece.Length - 1 || fault.Message.StartsWith("Invalid End-Of-File", StringComparison.Ordinal);

    /// <summary>Without Tomlyn's validation: it misses some duplicates, quotes values, and is left out when there is any other
    /// error.</summary>
    private static (DocumentSyntax Document, SyntaxFault? Thrown) Parse(string text)
    {
        try
        {
            return (Parse(text, text.Length), null);
        }
        catch (Exception e) when (e is TomlException or ArgumentOutOfRangeException)
        {
            // Too deep, or an escape above 10FFFF, and no place: the shortest beginning of the text that fails ends with the bracket or
            // digit.
            var (good, bad) = (0, text.Length);
            while (bad - good > 1)
            {
                var middle = (good + bad) / 2;
                try
                {
                    _ = Parse(text, middle);
                    good = middle;
                }
                catch (Exception inner) when (inner is TomlException or ArgumentOutOfRangeException)
                {
                    bad = middle;
                }
            }
            return (Parse(text, good), e is TomlException
                ? SyntaxFault.TooDeep(good) : SyntaxFault.NoCharacter(text.LastIndexOf('\\', good)));
        }
    }

    private static DocumentSyntax Parse(string text, int length) =>
        SyntaxParser.Parse(text[..length], new TomlSerializerOptions { MaxDepth = TomlReader.MaxDepth }, sourceName: null, validate: false);

    private static IEnumerable<SyntaxNode> Statements(DocumentSyntax document) =>
        document.KeyValues.Concat<SyntaxNode>(document.Tables.SelectMany(table => table.Items.Prepend<SyntaxNode>(table)));

    private static bool EndsBefore(SyntaxNode statement, int fault)
    {
        var end = statement switch
        {
            KeyValueSyntax assignment => assignment.EndOfLineToken,
            TableSyntaxBase table => table.EndOfLineToken,
            _ => null,
        };
        return fault == int.MaxValue || (end is not (null or InvalidSyntaxToken) && end.Span.End.Offset < fault);
    }
}
