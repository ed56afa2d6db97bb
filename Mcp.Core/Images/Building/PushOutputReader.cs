using System.Text.RegularExpressions;

namespace Mcp.Core.Images.Building;

/// <summary>Keeps the last lines of an engine command, and the digest that docker prints at the end of a push.</summary>
internal sealed partial class PushOutputReader
{
    private const int TailLength = 20;

    private readonly Lock _gate = new();
    private readonly Queue<string> _tail = new();

    public string? Digest { get; private set; }

    public IReadOnlyList<string> Tail
    {
        get
        {
            lock (_gate)
                return [.. _tail];
        }
    }

    public string Read(string line)
    {
        var text = line.TrimEnd();
        lock (_gate)
        {
            if (text.Length > 0)
                _tail.Enqueue(text);
            if (_tail.Count > TailLength)
                _tail.Dequeue();
        }
        if (DockerDigest().Match(text) is { Success: true } match)
            Digest = match.Groups[1].Value;
        return text;
    }

    [GeneratedRegex(@"^\S+: digest: (sha256:[0-9a-f]{64}) size: \d+$")]
    private static partial Regex DockerDigest();
}
