using System.Globalization;

namespace Mcp.Core.Toml.Reading;

/// <summary>The text, a place in it, and the errors found so far.</summary>
internal sealed class TextCursor
{
    public const char End = '\uFFFF';

    private readonly List<int> _lineStarts = [0];
    private readonly List<int> _lowSurrogates = [];
    private readonly List<TomlError> _errors = [];

    public TextCursor(string text)
    {
        Text = text;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
                _lineStarts.Add(i + 1);
            else if (i > 0 && char.IsSurrogatePair(text[i - 1], text[i]))
                _lowSurrogates.Add(i);
        }
        ByteOrderMark = text.StartsWith('\uFEFF');
        Offset = ByteOrderMark ? 1 : 0;
    }

    public string Text { get; }

    public int Offset { get; set; }

    /// <summary>How many arrays and multi-line strings are open here: what an error in them leaves behind need not look like a statement.</summary>
    public int Open { get; set; }

    public IReadOnlyList<TomlError> Errors => _errors;

    public bool AtEnd => Offset >= Text.Length;

    public char Current => Peek(0);

    private bool ByteOrderMark { get; }

    public char Peek(int ahead) => Offset + ahead < Text.Length ? Text[Offset + ahead] : End;

    public bool At(string expected) => string.CompareOrdinal(Text, Offset, expected, 0, expected.Length) == 0;

    public bool TryTake(char expected)
    {
        if (AtEnd || Current != expected)
            return false;
        Offset++;
        return true;
    }

    public void SkipBlanks()
    {
        while (Current is ' ' or '\t')
            Offset++;
    }

    /// <summary>Length of the line end here: 0, 1 (LF) or 2 (CRLF).</summary>
    public int LineEndLength => Current == '\n' ? 1 : Current == '\r' && Peek(1) == '\n' ? 2 : 0;

    /// <summary>Skips a comment up to its line end; a character that may not stand in it is reported.</summary>
    public void SkipComment()
    {
        if (AtEnd || Current != '#')
            return;
        while (!AtEnd && LineEndLength == 0)
        {
            if (ControlCharacter() is { } control)
                throw new TomlSyntaxException(Offset, $"{control} in a comment", "remove it");
            Offset += RuneLength();
        }
    }

    /// <summary>Skips blanks, comments and line ends: what may stand between the elements of an array.</summary>
    public void SkipBlankLines()
    {
        while (true)
        {
            SkipBlanks();
            SkipComment();
            var lineEnd = LineEndLength;
            if (lineEnd == 0)
                return;
            Offset += lineEnd;
        }
    }

    /// <summary>A name for the character here if TOML allows it nowhere unescaped (tab and line ends are the caller's business); else null.</summary>
    public string? ControlCharacter() => Current switch
    {
        _ when AtEnd => null,
        '\t' => null,
        '\r' => "carriage return without line feed",
        < ' ' or '\x7f' => string.Create(CultureInfo.InvariantCulture, $"control character U+{(int)Current:X4}"),
        var c when char.IsSurrogate(c) && RuneLength() == 1 => "half of a surrogate pair",
        _ => null,
    };

    public int RuneLength() => char.IsHighSurrogate(Current) && char.IsLowSurrogate(Peek(1)) ? 2 : 1;

    /// <summary>The character here as a message shows it.</summary>
    public string Shown() => AtEnd ? "the end of the file"
        : LineEndLength > 0 ? "the end of the line"
        : ControlCharacter() ?? (Current == '\t' ? "a tab" : $"'{Text.Substring(Offset, RuneLength())}'");

    public TomlPosition PositionAt(int offset)
    {
        var line = _lineStarts.BinarySearch(offset);
        if (line < 0)
            line = ~line - 1;
        var start = line == 0 && ByteOrderMark ? 1 : _lineStarts[line];
        var pairs = LowSurrogatesBefore(offset) - LowSurrogatesBefore(start);
        return new(line + 1, offset - start - pairs + 1);
    }

    private int LowSurrogatesBefore(int offset)
    {
        var index = _lowSurrogates.BinarySearch(offset);
        return index < 0 ? ~index : index;
    }

    public TomlPosition Position => PositionAt(Offset);

    /// <summary>Notes an error that does not stop the statement from being read.</summary>
    public void Report(int offset, string message, string remedy)
    {
        if (_errors.Count < TomlReader.MaxErrors)
            _errors.Add(new(PositionAt(offset), message, remedy));
    }
}
