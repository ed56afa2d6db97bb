using System.Text;

namespace Mcp.Core.Images.Distribution;

/// <summary>One challenge of WWW-Authenticate: <c>Bearer realm="...",service="...",scope="..."</c> or <c>Basic realm="..."</c>.</summary>
internal sealed record AuthChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    public bool IsBearer => Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase);

    public bool IsBasic => Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase);

    public string? this[string name] => Parameters.GetValueOrDefault(name);

    /// <summary>All challenges of the header's values. Text that is none ends the reading: what came before still counts.</summary>
    public static List<AuthChallenge> Parse(IEnumerable<string> headerValues)
    {
        var challenges = new List<AuthChallenge>();
        foreach (var value in headerValues)
            new Reader(value).ReadAll(challenges);
        return challenges;
    }

    // HttpClient's own parser splits at commas and gives up on a quoted one, and scope="repository:x:pull,push" has one.
    private sealed class Reader(string text)
    {
        private int _at;

        public void ReadAll(List<AuthChallenge> challenges)
        {
            Dictionary<string, string>? parameters = null;
            while (true)
            {
                SkipSeparators();
                var word = Token();
                if (word.Length == 0)
                    return;
                SkipSpaces();
                if (_at < text.Length && text[_at] == '=' && parameters is not null)
                {
                    _at++;
                    SkipSpaces();
                    parameters[word] = Value();
                }
                else
                {
                    parameters = new(StringComparer.OrdinalIgnoreCase);
                    challenges.Add(new(word, parameters));
                }
            }
        }

        private void SkipSeparators()
        {
            while (_at < text.Length && text[_at] is ' ' or '\t' or ',')
                _at++;
        }

        private void SkipSpaces()
        {
            while (_at < text.Length && text[_at] is ' ' or '\t')
                _at++;
        }

        private string Token()
        {
            var start = _at;
            while (_at < text.Length
                && (char.IsAsciiLetterOrDigit(text[_at]) || "!#$%&'*+-.^_`|~/:".Contains(text[_at], StringComparison.Ordinal)))
                _at++;
            return text[start.._at];
        }

        private string Value()
        {
            if (_at >= text.Length || text[_at] != '"')
                return Token();
            var value = new StringBuilder();
            for (_at++; _at < text.Length && text[_at] != '"'; _at++)
            {
                if (text[_at] == '\\' && _at + 1 < text.Length)
                    _at++;
                value.Append(text[_at]);
            }
            _at = Math.Min(_at + 1, text.Length);
            return value.ToString();
        }
    }
}
