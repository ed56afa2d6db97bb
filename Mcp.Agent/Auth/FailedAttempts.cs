using System.Collections.Concurrent;

namespace Mcp.Agent.Auth;

/// <summary>
/// Bounds what refused calls may write into the log: a few lines per address and minute. Refused calls themselves are not slowed down or
/// locked out: 256 random bits can't be guessed at any rate, while a lock would let anyone behind the same address shut the operator out.
/// </summary>
internal sealed class FailedAttempts(TimeProvider time)
{
    private const int LinesPerWindow = 5;
    private const int MaximumPeers = 1000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Count> _peers = new();

    /// <param name="suppressed">Attempts of this address that were not logged since the last line.</param>
    /// <returns>Whether to log this attempt.</returns>
    public bool ShouldLog(string peer, out int suppressed)
    {
        var now = time.GetUtcNow();
        var address = AddressOf(peer);
        if (_peers.Count >= MaximumPeers)
            foreach (var (old, state) in _peers)
                if (now - state.Since >= Window)
                    _peers.TryRemove(old, out _);

        suppressed = 0;
        if (_peers.Count >= MaximumPeers && !_peers.ContainsKey(address))
            return false;
        var count = _peers.GetOrAdd(address, _ => new(now));
        lock (count)
        {
            if (now - count.Since >= Window)
            {
                suppressed = Math.Max(0, count.Attempts - LinesPerWindow);
                count.Since = now;
                count.Attempts = 0;
            }
            return ++count.Attempts <= LinesPerWindow;
        }
    }

    /// <summary>"ipv4:10.0.0.1:51234" without the port, which differs at each connection.</summary>
    private static string AddressOf(string peer) => peer.LastIndexOf(':') is > 0 and var colon ? peer[..colon] : peer;

    private sealed class Count(DateTimeOffset since)
    {
        public DateTimeOffset Since { get; set; } = since;

        public int Attempts { get; set; }
    }
}
