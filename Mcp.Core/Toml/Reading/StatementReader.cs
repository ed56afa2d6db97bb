namespace Mcp.Core.Toml.Reading;

/// <summary>Reads a document line by line: headers and assignments; finds the next statement after an error.</summary>
internal sealed class StatementReader
{
    private readonly TextCursor _cursor;
    private readonly KeyReader _keys;
    private readonly ValueReader _values;
    private readonly TableBuilder _builder;
    private readonly TomlTable _root = new(new(1, 1));
    private TomlTable _current;
    private bool _lostTables;

    public StatementReader(TextCursor cursor)
    {
        _cursor = cursor;
        var strings = new StringReader(cursor);
        _keys = new KeyReader(cursor, strings);
        _values = new ValueReader(cursor, _keys, strings);
        _builder = new TableBuilder(cursor);
        _current = _root;
    }

    public TomlReadResult ReadDocument()
    {
        while (!_cursor.AtEnd && _cursor.Errors.Count < TomlReader.MaxErrors)
        {
            try
            {
                ReadLine();
            }
            catch (TomlSyntaxException fault)
            {
                _cursor.Report(fault.Offset, fault.Message, fault.Remedy);
                _cursor.Offset = NextStatement.After(_cursor, fault.Offset);
                _cursor.Open = 0;
            }
        }
        var errors = _cursor.Errors.OrderBy(e => e.Position.Line).ThenBy(e => e.Position.Column).ToArray();
        return new TomlReadResult(_root, errors, _lostTables);
    }

    private void ReadLine()
    {
        _cursor.SkipBlanks();
        if (_cursor.Current == '[')
            ReadHeader();
        else if (!_cursor.AtEnd && _cursor.Current != '#' && _cursor.LineEndLength == 0)
            ReadAssignment();
        EndLine("the statement");
    }

    private void EndLine(string after)
    {
        _cursor.SkipBlanks();
        _cursor.SkipComment();
        if (!_cursor.AtEnd && _cursor.LineEndLength == 0)
            throw new TomlSyntaxException(_cursor.Offset, $"expected the end of the line after {after}, found {_cursor.Shown()}", "one statement per line; text that contains blanks needs quotation marks");
        _cursor.Offset += _cursor.LineEndLength;
    }

    private void ReadAssignment()
    {
        var start = _cursor.Position;
        var key = _keys.Read();
        try
        {
            if (!_cursor.TryTake('='))
                throw new TomlSyntaxException(_cursor.Offset, $"expected '=' after key {KeyReader.Shown(key)}, found {_cursor.Shown()}", "write key = value");
            _cursor.SkipBlanks();
            var value = _values.Read(key.Count);
            _builder.Assign(_current, key, value);
            if (value is TomlInvalid)
                SkipToLineEnd();
        }
        catch (TomlSyntaxException)
        {
            // The key is known to be meant: nobody shall call it missing.
            if (!_current.TryGet(key[0].Name, out _))
                _current.Add(key[0].Name, new TomlInvalid(start), start);
            throw;
        }
    }

    private void ReadHeader()
    {
        var header = _cursor.Position;
        _cursor.Offset++;
        var arrayElement = _cursor.TryTake('[');
        List<KeyPart> key;
        try
        {
            key = _keys.Read();
        }
        catch (TomlSyntaxException)
        {
            // What follows belongs to a table nobody knows; it is read for its own errors only.
            (_current, _lostTables) = (new TomlTable(header), true);
            throw;
        }

        _current = _builder.Open(_root, key, arrayElement, header);
        var close = arrayElement ? "]]" : "]";
        if (!_cursor.At(close))
            throw new TomlSyntaxException(_cursor.Offset, $"expected '{close}' after {KeyReader.Shown(key)}, found {_cursor.Shown()}", $"write {(arrayElement ? "[[" : "[")}{KeyReader.Shown(key)}{close}");
        _cursor.Offset += close.Length;
    }

    private void SkipToLineEnd()
    {
        while (!_cursor.AtEnd && _cursor.LineEndLength == 0)
            _cursor.Offset++;
    }
}
