namespace Mcp.Agent.Monitor;

/// <summary>The services that an operation works on now: what their containers do meanwhile is the operation's doing, not drift.</summary>
internal sealed class BusyServices(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _busy = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _leftAt = new(StringComparer.Ordinal);

    /// <summary>The last operation on this service has ended.</summary>
    public event Action<string>? Left;

    /// <summary>Busy until disposed. Several may be in.</summary>
    public IDisposable Enter(string service)
    {
        lock (_gate)
            _busy[service] = _busy.GetValueOrDefault(service) + 1;
        return new Visit(this, service);
    }

    public bool IsBusy(string service)
    {
        lock (_gate)
            return _busy.ContainsKey(service);
    }

    /// <summary>Whether something seen at <paramref name="moment"/> was (or may have been) an operation's doing.</summary>
    public bool WasBusy(string service, DateTimeOffset moment)
    {
        lock (_gate)
            return _busy.ContainsKey(service) || (_leftAt.TryGetValue(service, out var left) && moment < left);
    }

    private void Leave(string service)
    {
        lock (_gate)
        {
            if (--_busy[service] > 0)
                return;
            _busy.Remove(service);
            _leftAt[service] = time.GetUtcNow();
        }
        Left?.Invoke(service);
    }

    private sealed class Visit(BusyServices owner, string service) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                owner.Leave(service);
        }
    }
}
