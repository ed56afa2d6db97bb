using System.Globalization;
using System.Security.Cryptography;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Fuzz;

/// <summary>A node for the fuzz run (./test.sh fuzz [SEED] [COUNT]) and for the cases that such runs have found, which every run
/// repeats.</summary>
public sealed class FuzzNode : IAsyncLifetime, IMayBeUnavailable
{
    private readonly TempFolder _folder = new("mcp-fuzz-");
    private PodmanEngine? _engine;

    public string? Unavailable { get; private set; }

    /// <summary>null: a fuzz run is not asked for.</summary>
    internal int? Count { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("MCP_FUZZ_COUNT"), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count : null;

    internal int Seed { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("MCP_FUZZ_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : RandomNumberGenerator.GetInt32(1_000_000);

    internal FuzzAgent Agent { get; private set; } = null!;

    /// <summary>The agent's, with mcp.toml in it.</summary>
    internal string Directory => Path.Combine(_folder.Path, "agent");

    public async Task InitializeAsync()
    {
        try
        {
            _engine = await PodmanEngine.StartAsync();
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            Unavailable = "no working podman here: " + e.Message;
            return;
        }
        Agent = await FuzzAgent.StartAsync(Directory, _engine.SocketPath);
    }

    public async Task DisposeAsync()
    {
        if (Agent is not null)
            await Agent.DisposeAsync();
        if (_engine is not null)
            await _engine.DisposeAsync();
        _folder.Dispose();
    }

    internal Task<string> ImagesAsync() => ChildProcess.RunAsync(
        "podman", [.. _engine!.GlobalArguments, "images", "--format", "{{.Repository}}:{{.Tag}}"], _engine.Environment);
}
