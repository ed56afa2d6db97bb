using System.Collections.Concurrent;
using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Definitions;
using Mcp.Core.Status;

namespace Mcp.PowerShell.Completion;

/// <summary>The names that nodes were last seen to have, for completion and for suggestions. Filled by what cmdlets read anyway, and by
/// completion itself when what it knows is old.</summary>
internal static class KnownNames
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(20);

    /// <summary>A background refresh without a waiter ends after this.</summary>
    private static readonly TimeSpan RefreshLimit = TimeSpan.FromSeconds(5);

    private static readonly ConcurrentDictionary<(string Node, string Service), string[]> Seen = new();
    private static readonly Lock Gate = new();
    private static Task _refresh = Task.CompletedTask;
    private static string _refreshedFor = "";
    private static long _refreshedAt;

    public static IEnumerable<string> Services => Seen.Keys.Select(k => k.Service);

    public static IEnumerable<string> ComponentsOf(Func<string, bool> service) =>
        Seen.Where(s => service(s.Key.Service)).SelectMany(s => s.Value);

    public static void Remember(string node, ServiceStatus service) =>
        Seen[(node, service.Name)] = [.. service.Components.Select(c => c.Component)];

    public static void Remember(string node, ServiceDefinition service) =>
        Seen[(node, service.Name)] = [.. service.Components.Select(c => c.Name)];

    public static void Forget(string node, string service) => Seen.TryRemove((node, service), out _);

    /// <summary>Asks the nodes when what is known is old, one such round at a time, and waits until the budget has passed since they were
    /// asked. The round goes on afterwards, so that the next Tab knows more, and does not wait again for a node that hangs.</summary>
    public static void Refresh(WorkstationConfig config, TimeSpan budget)
    {
        Task refresh;
        TimeSpan waited;
        lock (Gate)
        {
            var sameConfig = _refreshedFor == config.File.Value;
            if (_refresh.IsCompleted && (!sameConfig || TimeProvider.System.GetElapsedTime(_refreshedAt) > Fresh))
            {
                if (!sameConfig)
                    Seen.Clear();
                _refreshedFor = config.File.Value;
                _refreshedAt = TimeProvider.System.GetTimestamp();
                _refresh = Task.Run(() => AskNodesAsync(config));
            }
            refresh = _refresh;
            waited = TimeProvider.System.GetElapsedTime(_refreshedAt);
        }
        if (waited < budget)
            refresh.Wait(budget - waited);
    }

    private static async Task AskNodesAsync(WorkstationConfig config)
    {
        try
        {
            using var limit = new CancellationTokenSource(RefreshLimit);
            using var fleet = new Fleet(config.Nodes, new AgentClientOptions { ConnectTimeout = RefreshLimit, CallTimeout = RefreshLimit });
            await foreach (var answer in fleet.AskAsync((client, token) => client.ListServicesAsync(token), limit.Token))
            {
                foreach (var (definition, _, _) in answer.Value ?? [])
                    Remember(answer.Node.Name, definition);
            }
        }
        catch (Exception e) when (e is McpException or OperationCanceledException)
        {
            // Completion has no place to say why; the command that the user is writing will.
        }
    }
}
