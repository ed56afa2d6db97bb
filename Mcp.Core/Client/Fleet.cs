using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Collections;

namespace Mcp.Core.Client;

/// <summary>Several nodes, asked at once. A node that can't answer is one error; what the others say comes as it arrives.
/// Keeps one connection per node.</summary>
public sealed class Fleet(IEnumerable<NodeConfig> nodes, AgentClientOptions options) : IDisposable
{
    // Enough that a followed log is not held up by a slow terminal, few enough to limit memory.
    private const int Buffer = 256;

    private readonly ConcurrentDictionary<NodeConfig, AgentClient> _clients = new();

    public ValueList<NodeConfig> Nodes { get; } = nodes.ToValueList();

    /// <summary>The client for a node, which need not be one of <see cref="Nodes"/>.</summary>
    /// <exception cref="McpException">The node's token can't be read.</exception>
    public AgentClient Client(NodeConfig node) => _clients.GetOrAdd(node, n => new AgentClient(n, options));

    /// <summary>One question to every node; answers in the order in which they come.</summary>
    public IAsyncEnumerable<NodeResult<T>> AskAsync<T>(
        Func<AgentClient, CancellationToken, Task<T>> question, CancellationToken cancellationToken) =>
        StreamAsync((client, token) => Once(question, client, token), cancellationToken);

    /// <summary>A stream from every node, interleaved. A node whose stream breaks adds one error; the others continue.</summary>
    public async IAsyncEnumerable<NodeResult<T>> StreamAsync<T>(
        Func<AgentClient, CancellationToken, IAsyncEnumerable<T>> stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var results = Channel.CreateBounded<NodeResult<T>>(Buffer);
        var all = CompleteAsync(Nodes.Select(node => PumpAsync(node, stream, results.Writer, ending.Token)).ToList(), results.Writer);
        try
        {
            await foreach (var result in results.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return result;
        }
        finally
        {
            // A caller that has seen enough ends the nodes' streams too, and none outlives the enumeration.
            await ending.CancelAsync().ConfigureAwait(false);
            await all.ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
    }

    private async Task PumpAsync<T>(
        NodeConfig node, Func<AgentClient, CancellationToken, IAsyncEnumerable<T>> stream, ChannelWriter<NodeResult<T>> results,
        CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in stream(Client(node), cancellationToken).ConfigureAwait(false))
                await results.WriteAsync(new(node, item, null), cancellationToken).ConfigureAwait(false);
        }
        catch (McpException e)
        {
            await results.WriteAsync(new(node, default, e), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Ours, not the node's: the reader is to hear of it now, not when the last followed stream ends.
            results.TryComplete(e);
            throw;
        }
    }

    private static async Task CompleteAsync<T>(List<Task> pumps, ChannelWriter<NodeResult<T>> results)
    {
        try
        {
            await Task.WhenAll(pumps).ConfigureAwait(false);
            results.TryComplete();
        }
        catch (Exception e)
        {
            // Handed to the reader, who is the one to throw it.
            results.TryComplete(e);
        }
    }

    private static async IAsyncEnumerable<T> Once<T>(
        Func<AgentClient, CancellationToken, Task<T>> question, AgentClient client,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await question(client, cancellationToken).ConfigureAwait(false);
    }
}
