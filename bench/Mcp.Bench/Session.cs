using System.Collections.Concurrent;
using Mcp.Testing;

namespace Mcp.Bench;

/// <summary>What the rows of one run share.</summary>
/// <param name="Before">An earlier build to be measured in the same run; null: none was given.</param>
/// <param name="Peers">What to compare with, as bench.sh has installed it.</param>
internal sealed record Session(Build Now, Build? Before, Peers Peers, TextWriter Log) : IAsyncDisposable
{
    private readonly TempFolder _scratch = new("mcp-bench-");
    private readonly ConcurrentDictionary<(string Name, Build Build), Node> _nodes = [];

    public IEnumerable<Build> Builds => Before is null ? [Now] : [Now, Before];

    /// <summary>Files that rows write; gone with the session.</summary>
    public TempFolder Scratch => _scratch;

    /// <summary>A node that rows with the same name share: started when the first one asks.</summary>
    public async Task<Node> NodeAsync(string name, Build build, CancellationToken cancellationToken)
    {
        if (!_nodes.TryGetValue((name, build), out var node))
        {
            Log.WriteLine($"  starting podman and the agent ({build.Label})");
            _nodes[(name, build)] = node = await Node.StartAsync(build, cancellationToken);
        }
        return node;
    }

    /// <summary>Ends a shared node early, so that it does not disturb the rows that follow.</summary>
    public async Task EndNodesAsync(string name)
    {
        foreach (var key in _nodes.Keys.Where(k => k.Name == name).ToList())
        {
            if (_nodes.TryRemove(key, out var node))
                await node.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values)
            await node.DisposeAsync();
        _nodes.Clear();
        _scratch.Dispose();
    }
}

/// <summary>Programs to compare with. null: it is not there, and the rows that need it say so.</summary>
internal sealed record Peers
{
    public string? Podman { get; init; }

    public string? DockerCompose { get; init; }

    public string? PodmanCompose { get; init; }

    public string? Node { get; init; }

    public string? H2Load { get; init; }

    public string? Pwsh { get; init; }

    /// <summary>The empty web application, ahead-of-time compiled as the agent is.</summary>
    public string? EmptyApp { get; init; }

    /// <exception cref="InvalidOperationException">It is not there.</exception>
    public static string Need(string? program, string name) =>
        program ?? throw new InvalidOperationException($"{name} is not installed");
}
