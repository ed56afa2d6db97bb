using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Mcp.Core.Toml.Reading;

/// <summary>From Tomlyn's syntax tree to <see cref="TomlTable"/>. Of the errors in one parse only the first is real, those after it are
/// its echo: the tree is used up to there, and the rest of the text is parsed again from the next statement.</summary>
internal sealed class DocumentReader
{
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

    /// <summary>Reads from the beginning of a line up to the end or the first error.</summary>
    /// <returns>Where to resume.</returns>
    public int ReadFrom(int start)
    {
        var piece = _text[start..];
        var (document, tooDeep) = Parse(piece);
        var values = new ValueReader(_builder, _text.AsSpan(0, start).Count('\n'));
        // At the end of the text Tomlyn also gives echo errors without a place.
        var fault = document.Diagnostics.Where((d, i) => i == 0 || d.Span.Start.Offset > 0).MinBy(d => d.Span.Start.Offset);
        var end = Math.Min(fault?.Span.Start.Offset ?? int.MaxValue, tooDeep ?? int.MaxValue);

        SyntaxNode? broken = null;
        foreach (var statement in Statements(document))
        {
            if (!EndsBefore(statement, end))
            {
                broken = statement.Span.Start.Offset <= end ? statement : null;
                break;
            }
            if (statement is KeyValueSyntax assignment)
                _builder.Assign(_current, values.Key(assignment.Key!),
                    values.Read(assignment.Value!, assignment.Key!.DotKeys.ChildrenCount + 1));
            else
                _current = _builder.Open(Root, values.Key(((TableSyntaxBase)statement).Name!), statement is TableArraySyntax,
                    values.At(statement));
        }
        if (end == int.MaxValue)
            return _text.Length;

        ReadBroken(broken, values, end);
        var found = end == tooDeep ? SyntaxFault.TooDeep(end) : SyntaxFault.Of(fault!, piece, broken);
        _errors.Add(new(TomlPosition.At(_text, start + found.Offset), found.Message, found.Remedy));
        return start + found.Resume(piece);
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
            LostTables |= !readable;
            _current = readable ? _builder.Open(Root, values.Key(name), statement is TableArraySyntax, values.At(statement))
                : new TomlTable();
        }
    }

    /// <summary>Without Tomlyn's validation: it misses some duplicates, quotes values, and is left out when there is any other
    /// error.</summary>
    private static (DocumentSyntax Document, int? TooDeep) Parse(string text)
    {
        try
        {
            return (Parse(text, text.Length), null);
        }
        catch (TomlException)
        {
            // Too deep, without a place: the shortest beginning of the text that fails ends with the bracket in question.
            var (good, bad) = (0, text.Length);
            while (bad - good > 1)
            {
                var middle = (good + bad) / 2;
                try
                {
                    _ = Parse(text, middle);
                    good = middle;
                }
                catch (TomlException)
                {
                    bad = middle;
                }
            }
            return (Parse(text, good), good);
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
