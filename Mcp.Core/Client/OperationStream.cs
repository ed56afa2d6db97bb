using System.Runtime.CompilerServices;
using Mcp.Core.Client.Connections;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Operations;

namespace Mcp.Core.Client;

/// <summary>Follows an operation to its end, over a connection that may break: the operation continues at the agent, so watching is resumed
/// and what was already seen is skipped.</summary>
/// <param name="open">Starts the operation (null) or watches the one with that id from its beginning.</param>
internal sealed class OperationStream(
    NodeConfig node, AgentClientOptions options, Func<string?, CancellationToken, IAsyncEnumerable<OperationUpdate>> open)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public async IAsyncEnumerable<OperationUpdate> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? operationId = null;
        var seen = 0;
        var pause = new Backoff(FirstPause, LongestPause, options.Time);
        long? brokenSince = null;
        while (true)
        {
            McpException? broken = null;
            var position = 0;
            await using (var updates = open(operationId, cancellationToken).GetAsyncEnumerator(cancellationToken))
            {
                while (true)
                {
                    try
                    {
                        if (!await updates.MoveNextAsync().ConfigureAwait(false))
                            break;
                    }
                    catch (McpException e) when (operationId is not null && (IsBreak(e) || brokenSince is not null))
                    {
                        broken = e;
                        break;
                    }
                    brokenSince = null;
                    pause.Reset();
                    if (updates.Current is OperationWaiting)
                    {
                        yield return updates.Current;
                        continue;
                    }
                    // An agent that was restarted reports only the operation's end, which must not be skipped.
                    if (position++ < seen && updates.Current is not OperationEnded)
                        continue;
                    seen++;
                    operationId = updates.Current.OperationId;
                    yield return updates.Current;
                    if (updates.Current is OperationEnded)
                        yield break;
                }
            }
            if (operationId is null)
                throw OperationFailure.NoResult.ToException(node.Name);

            brokenSince ??= options.Time.GetTimestamp();
            if ((broken is not null && !IsBreak(broken)) || options.Time.GetElapsedTime(brokenSince.Value) >= options.ResumeFor)
                throw Lost(operationId, broken);
            await pause.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The operation is not affected by it. An agent that stops lets its operations end, or settles them when it has been started
    /// again.</summary>
    private static bool IsBreak(McpException error) => error.Kind == ErrorKind.Unreachable || error.Id == "agent-stopping";

    private McpException Lost(string operationId, McpException? broken) => new(
        ErrorKind.Unreachable, "connection-lost",
        $"the connection to {Names.Of(node)} was lost during operation {operationId}" + (broken is null ? "" : ": " + broken.Message),
        $"the operation may continue there; see it with `mcp watch {operationId} --node {node.Name}` or `mcp status`", node.Name, broken);
}
