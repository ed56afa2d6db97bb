namespace Mcp.Agent.Deploy.Health;

/// <summary>What a container said, short enough for an error's text.</summary>
internal static class AnswerText
{
    private const int MaxLength = 200;

    /// <summary>": words", on one line; nothing for nothing.</summary>
    public static string Quote(string text)
    {
        var words = string.Join(' ', text.Split(['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries));
        words = string.Concat(words.Where(c => !char.IsControl(c)));
        return words.Length == 0 ? "" : words.Length <= MaxLength ? ": " + words : $": {words[..MaxLength]} ...";
    }
}
