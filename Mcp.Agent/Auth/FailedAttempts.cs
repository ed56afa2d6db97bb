using System.Collections.Concurrent;

namespace Mcp.Agent.Auth;

/// <summary>
/// Bounds what refused calls may write into the log and the audit: some lines per address or token and minute. Refused calls themselves are
/// not slowed down or locked out: 256 random bits can't be guessed at any rate, while a lock would let anyone behind the same address shut
/// the operator out.
/// </summary>
internal sealed class FailedAttempts(TimeProvider time)
{
    private const int MaximumSubjects = 1000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Subject, Count> _subjects = new();

    /// <summary>Who fails, and how many lines per minute that is worth.</summary>
    public sealed record Subject(string Name, int LinesPerWindow);

    /// <param name="peer">"ipv4:10.0.0.1:51234"; the port, which differs at each connection, does not count.</param>
    public static Subject OfPeer(string peer) => new(peer.LastIndexOf(':') is > 0 and var colon ? peer[..colon] : peer, 5);

    public static Subject OfToken(string name) => new("token " + name, 20);

    /// <param name="more">Attempts of this subject that were not noted since the last line.</param>
    /// <returns>Whether to note this attempt.</returns>
    public bool ShouldNote(Subject subject, out int more)
    {
        var now = time.GetUtcNow();
        if (_subjects.Count >= MaximumSubjects)
            foreach (var (old, state) in _subjects)
                if (now - state.Since >= Window)
                    _subjects.TryRemove(old, out _);

        more = 0;
        if (_subjects.Count >= MaximumSubjects && !_subjects.ContainsKey(subject))
            return false;
        var count = _subjects.GetOrAdd(subject, _ => new(now));
        lock (count)
        {
            if (now - count.Since >= Window)
            {
                more = Math.Max(0, count.Attempts - subject.LinesPerWindow);
                count.Since = now;
                count.Attempts = 0;
            }
            return ++count.Attempts <= subject.LinesPerWindow;
        }
    }

    private sealed class Count(DateTimeOffset since)
    {
        public DateTimeOffset Since { get; set; } = since;

        public int Attempts { get; set; }
    }
}
