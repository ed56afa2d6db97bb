using System.Globalization;
using System.Net;
using Mcp.Agent.Rpc;
using Microsoft.AspNetCore.Connections;

namespace Mcp.Agent.Hosting;

/// <summary>[limits] of agent.toml: what connections may cost before their callers are known.</summary>
internal sealed record LimitsConfig
{
    /// <summary>Connections at once, of all addresses. Each needs a descriptor: see <see cref="ConnectionLimits.Most"/>.</summary>
    public int Connections { get; init; } = 256;

    /// <summary>Connections at once of one address. A workstation needs one or two for each `mcp` that runs.</summary>
    public int ConnectionsPerAddress { get; init; } = 64;

    /// <summary>A connection is closed when for so long no call of a known caller was in progress; pings do not count as use.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>Refuses connections beyond the limits before anything is done for them.</summary>
internal sealed class ConnectionLimits(LimitsConfig limits, TimeProvider time, ILogger<ConnectionLimits> log)
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly int _most = Most(limits.Connections, SoftDescriptorLimit());
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private int _open;
    private int _refused;
    private DateTimeOffset _loggedAt = DateTimeOffset.MinValue;

    /// <summary>A quarter of the descriptors that the process may have: the rest is for the database, the engine and its streams.</summary>
    /// <param name="descriptors">null: unlimited or not known.</param>
    public static int Most(int wanted, long? descriptors) => descriptors is { } some ? (int)Math.Clamp(some / 4, 1, wanted) : wanted;

    /// <summary>Whether there is room for one more; it is taken until the connection is closed.</summary>
    public bool Admit(ConnectionContext connection)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (!Enter(address))
            return false;
        connection.ConnectionClosed.Register(() => Leave(address));
        return true;
    }

    /// <summary>Serves the connection for as long as it is in use.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var use = new ConnectionUse(connection, limits.Idle, time);
        connection.Items[typeof(ConnectionUse)] = use;
        await using (use.Watch())
            await next(connection);
    }

    private bool Enter(IPAddress address)
    {
        lock (_gate)
        {
            var its = _byAddress.GetValueOrDefault(address);
            if (_open < _most && its < limits.ConnectionsPerAddress)
            {
                _open++;
                _byAddress[address] = its + 1;
                return true;
            }
            _refused++;
            if (time.GetUtcNow() - _loggedAt < LogInterval)
                return false;
            log.LogWarning(
                "Refused {Count} connections since the last such line, the last one of {Address}: {Open} are open, {Its} of them its own "
                + "(limits {Most} and {MostOfAddress}; [limits] in agent.toml)", _refused, address, _open, its, _most,
                limits.ConnectionsPerAddress);
            (_refused, _loggedAt) = (0, time.GetUtcNow());
            return false;
        }
    }

    private void Leave(IPAddress address)
    {
        lock (_gate)
        {
            _open--;
            if (--_byAddress[address] == 0)
                _byAddress.Remove(address);
        }
    }

    private static long? SoftDescriptorLimit()
    {
        const string limitsFile = "/proc/self/limits";
        if (!File.Exists(limitsFile))
            return null;
        var line = File.ReadLines(limitsFile).FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, _, var soft, ..]
            && long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
