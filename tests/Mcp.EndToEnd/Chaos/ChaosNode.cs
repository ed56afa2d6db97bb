using System.Globalization;
using System.Security.Cryptography;
using Mcp.EndToEnd.Faults;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Chaos;

/// <summary>A node for the chaos run, which takes its time and is therefore asked for by name: ./test.sh chaos [SEED] [KILLS].</summary>
public sealed class ChaosNode : IAsyncLifetime, IMayBeUnavailable
{
    private readonly string? _asked = Environment.GetEnvironmentVariable("MCP_CHAOS_KILLS");

    public string? Unavailable => _asked is null ? "the chaos run is started by ./test.sh chaos" : Node.Unavailable;

    internal FaultNode Node { get; } = new();

    internal int Kills => int.Parse(_asked!, CultureInfo.InvariantCulture);

    internal int Seed { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("MCP_CHAOS_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : RandomNumberGenerator.GetInt32(1_000_000);

    public Task InitializeAsync() => _asked is null ? Task.CompletedTask : Node.InitializeAsync();

    public Task DisposeAsync() => _asked is null ? Task.CompletedTask : Node.DisposeAsync();
}
