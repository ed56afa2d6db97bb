using Mcp.Core.Collections;

namespace Mcp.Core.Toml;

/// <summary>
/// A TOML file that a person wrote, read strictly: every mistake becomes a located <see cref="Problem"/>, nothing is thrown, nothing
/// unknown is overlooked.
/// <code>
/// var document = TomlDocument.Read(text, "mcp.toml"); var root = document.Root;                                   // a TableReader var
/// listen = root.RequiredString("listen");                 // "" when missing or wrong, which is reported
/// var interval = root.Integer("interval", 1, 3600) ?? 30;     // null when absent or wrong foreach (var node in root.Tables("nodes"))     
/// // [[nodes]]
///     nodes.Add(new(node.RequiredString("name"), node.String("token")));
/// if (somethingElseIsWrong)
///     root.Report("listen", "port 70000 is out of range", "write 1 to 65535");
/// var problems = document.Finish();                           // unknown and missing keys of all tables asked for; in the order of the
/// file
/// </code>
/// A key is known once a TableReader has been asked for it; ask for all of them before <see cref="Finish"/>.
/// </summary>
public sealed class TomlDocument
{
    private readonly List<Problem> _problems = [];
    private readonly List<Problem> _warnings = [];
    private bool _finished;

    private TomlDocument(TomlReadResult result, string? file)
    {
        Source = new SourceMap(file);
        LostTables = result.LostTables;
        foreach (var error in result.Errors)
            _problems.Add(new(file, error.Position.Line, error.Position.Column, error.Message, error.Remedy));
        Root = new TableReader(this, result.Root, "", "the file");
    }

    public TableReader Root { get; }

    public SourceMap Source { get; }

    /// <summary>A header could not be read: a table that seems to be missing may well be there.</summary>
    public bool LostTables { get; }

    /// <summary>What is allowed and has no effect, in the order of the file.</summary>
    public ValueList<Problem> Warnings => _warnings.OrderBy(p => p.Line).ThenBy(p => p.Column).ToValueList();

    /// <param name="file">The name in messages; it is not opened.</param>
    public static TomlDocument Read(string text, string? file) => new(TomlReader.Read(text), file);

    public static TomlDocument Read(ReadOnlySpan<byte> utf8, string? file) => new(TomlReader.Read(utf8), file);

    /// <summary>What has been found so far, in the order of the file; <see cref="Finish"/> adds unknown and missing keys.</summary>
    internal ValueList<Problem> Problems => _problems.OrderBy(p => p.Line).ThenBy(p => p.Column).ToValueList();

    /// <summary>Adds unknown and missing keys, once, and gives all problems.</summary>
    public ValueList<Problem> Finish()
    {
        if (!_finished)
        {
            _finished = true;
            Root.Finish();
        }
        return Problems;
    }

    internal void Warn(TomlPosition at, string message, string remedy) =>
        _warnings.Add(new(Source.File, at.Line, at.Column, message, remedy));

    internal void Report(string path, TomlPosition at, string message, string remedy)
    {
        Source.Settle(path);
        _problems.Add(new(Source.File, at.Line, at.Column, message, remedy));
    }
}
