using System.Collections.Concurrent;
using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Collections;
using Mcp.Core.Operations;

namespace Mcp.PowerShell.Completion;

/// <summary>The releases that nodes were last seen to have of a service, for completion.</summary>
internal static class KnownReleases
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <summary>A request without a waiter ends after this.</summary>
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(5);

    private static readonly ConcurrentDictionary<(string Config, string Service, string Node), ValueList<Release>> Seen = new();
    private static readonly Dictionary<(string Config, string Service), (Task Task, long At)> Asked = [];
    private static readonly Lock Gate = new();

    public static void Remember(WorkstationConfig config, string node, string service, ValueList<Release> releases) =>
        Seen[(config.File.Value, service, node)] = releases;

    /// <summary>Asks the nodes when what is known is old, and waits until the budget has passed since they were asked; they go on
    /// afterwards, so that the next Tab knows more, and does not wait again.</summary>
    public static IEnumerable<(string Node, Release Release)> Of(WorkstationConfig config, string service, TimeSpan budget)
    {
        var key = (config.File.Value, service);
        (Task Task, long At) asked;
        lock (Gate)
        {
            if (!Asked.TryGetValue(key, out asked) || (asked.Task.IsCompleted && TimeProvider.System.GetElapsedTime(asked.At) > Fresh))
                Asked[key] = asked = (Task.Run(() => AskAsync(config, service)), TimeProvider.System.GetTimestamp());
        }
        var waited = TimeProvider.System.GetElapsedTime(asked.At);
        if (waited < budget)
            asked.Task.Wait(budget - waited);
        return Seen.Where(s => s.Key.Config == config.File.Value && s.Key.Service == service)
            .SelectMany(s => s.Value.Select(r => (s.Key.Node, r)));
    }

    private static async Task AskAsync(WorkstationConfig config, string service)
    {
        try
        {
            using var limit = new CancellationTokenSource(AskLimit);
            using var fleet = new Fleet(config.Nodes, new AgentClientOptions { ConnectTimeout = AskLimit, CallTimeout = AskLimit });
            await foreach (var answer in fleet.AskAsync((client, token) => client.ListReleasesAsync(service, token), limit.Token))
            {
                if (answer.Value is { } releases)
                    Remember(config, answer.Node.Name, service, releases);
            }
        }
        catch (Exception e) when (e is McpException or OperationCanceledException)
        {
            // Completion has no place to say why; the command that the user is writing will.
        }
    }
}
