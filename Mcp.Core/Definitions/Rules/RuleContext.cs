using Mcp.Core.Toml;

namespace Mcp.Core.Definitions.Rules;

/// <summary>Collects what the rules find. With a source map problems get their line, and what the reader has reported already is passed
/// over; without one (a definition from the wire) the message alone says where.</summary>
internal sealed class RuleContext(SourceMap? source)
{
    // A definition with so many is not read to its end by a person, and each takes time and room.
    private const int MaxProblems = 100;

    private readonly List<Problem> _problems = [];

    public bool IsFull => _problems.Count >= MaxProblems;

    public IEnumerable<Problem> Problems => _problems.OrderBy(p => p.Line).ThenBy(p => p.Column);

    public void Report(string path, string message, string remedy)
    {
        if (IsFull || IsSettled(path))
            return;
        var at = source?.Locate(path) ?? default;
        _problems.Add(new(source?.File, at.Line, at.Column, message, remedy));
    }

    public bool IsSettled(string path) => source?.IsSettled(path) == true;

    /// <summary>Whether the value is in the file. Unknown without one.</summary>
    public bool Stands(string path) => source?.Contains(path) == true;

    /// <summary>" (at 3:8)", or nothing where there is no text.</summary>
    public string At(string path) => source is null ? "" : $" (at {source.Locate(path)})";
}
