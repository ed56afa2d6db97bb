using Mcp.Core.Client;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.EndToEnd.Faults;

namespace Mcp.EndToEnd.Chaos;

/// <summary>One service that things are done to at random, and what is known of how it ought to stand.</summary>
internal sealed class ChaosService(FaultNode node, string name, Func<string, int, ServiceDefinition> shape)
{
    private string _before = "nothing serves";
    private string _after = "";
    private int _version;
    private Task<(OperationEnded? Ended, string Error)> _running = Task.FromResult<(OperationEnded?, string)>((null, ""));

    /// <summary>What is being done.</summary>
    public string Doing { get; private set; } = "nothing";

    /// <summary>Completes when its plan is known, or will never be.</summary>
    public Task Begun { get; private set; } = Task.CompletedTask;

    private bool IsDeployed => _before != "nothing serves";

    /// <summary>Decides and begins; does not wait.</summary>
    public void Begin(Random random)
    {
        // Drawn whether they are used or not: the same seed makes the same decisions.
        var (what, which) = (random.Next(100), random.Next(100));
        var current = _before.Split(' ')[0];
        IAsyncEnumerable<OperationUpdate> updates;
        if (!IsDeployed || what < 45)
        {
            (Doing, _after) = ($"deploy of v{++_version}", $"v{_version} serves");
            updates = Deploy(shape(name, _version));
        }
        else if (what < 65)
        {
            var script = what < 55 ? FaultServices.Deaf : FaultServices.CrashLoop;
            (Doing, _after) = ($"deploy of v{++_version}, which {(what < 55 ? "never listens" : "crash-loops")}", _before);
            updates = Deploy(Spoilt(shape(name, _version), script, which));
        }
        else
            (Doing, _after, updates) = what switch
            {
                < 73 => ("rollback", "", node.Client.RollbackAsync(name, null, OperationOptions.Default, CancellationToken.None)),
                < 80 =>
                    ("restart", $"{current} serves",
                        node.Client.RunAsync(OperationKind.Restart, name, null, OperationOptions.Default, CancellationToken.None)),
                < 87 =>
                    ("stop", $"{current} is stopped",
                        node.Client.RunAsync(OperationKind.Stop, name, null, OperationOptions.Default, CancellationToken.None)),
                < 94 =>
                    ("start", $"{current} serves",
                        node.Client.RunAsync(OperationKind.Start, name, null, OperationOptions.Default, CancellationToken.None)),
                _ =>
                    ("undeploy", "nothing serves",
                        node.Client.RunAsync(OperationKind.Undeploy, name, null, OperationOptions.Default, CancellationToken.None)),
            };
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Begun = begun.Task;
        _running = RunAsync(updates, begun);
    }

    /// <summary>Waits for the end as the client is told it, and for the dust to settle.</summary>
    /// <returns>What came of it, and what is wrong; null: nothing is.</returns>
    public async Task<(string Told, string? Wrong)> SettleAsync()
    {
        var (ended, error) = await _running;
        var told = ended is null ? "not begun (" + error.Split(':')[0].Split(" at https")[0] + ")" : $"{ended.Outcome}";
        string[] allowed = ended?.Outcome switch
        {
            // Which release a rollback goes to is not followed here; that it stands as a whole is.
            _ when _after.Length == 0 => [],
            OperationOutcome.Succeeded => [_after],
            OperationOutcome.RolledBack => [_before],
            _ => [_before, _after],
        };
        var definition = shape(name, 1);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var standing = await Standing.OfAsync(node, definition);
        while (!standing.IsSound && clock.Elapsed < TimeSpan.FromSeconds(60))
        {
            await Task.Delay(300);
            standing = await Standing.OfAsync(node, definition);
        }
        var wrong = !standing.IsSound || (allowed.Length > 0 && !allowed.Contains($"{standing}"))
            ? $"{name}: {Doing} on '{_before}', told {told} {ended?.Message ?? error}: {standing}"
            : null;
        _before = $"{standing}";
        return (told, wrong);
    }

    private IAsyncEnumerable<OperationUpdate> Deploy(ServiceDefinition definition) =>
        node.Client.DeployAsync(definition, null, Mcp.Core.Planning.OperationOptions.Default, CancellationToken.None);

    private static async Task<(OperationEnded?, string)> RunAsync(IAsyncEnumerable<OperationUpdate> updates, TaskCompletionSource begun)
    {
        try
        {
            OperationEnded? ended = null;
            await foreach (var update in updates)
            {
                begun.TrySetResult();
                ended = update as OperationEnded ?? ended;
            }
            return (ended, "");
        }
        catch (McpException e)
        {
            // The agent was killed before it could say what it does, or has nothing to do.
            return (null, e.Message);
        }
        finally
        {
            begun.TrySetResult();
        }
    }

    /// <summary>One of its components does not get healthy, and gives up soon.</summary>
    private static ServiceDefinition Spoilt(ServiceDefinition definition, string script, int which)
    {
        var at = which % definition.Components.Count;
        var health =
            new HealthDefinition { StartPeriod = TimeSpan.FromMilliseconds(300), Interval = TimeSpan.FromMilliseconds(100), Retries = 2,
                StayUp = TimeSpan.FromMilliseconds(300) };
        return definition with
        {
            Components = [.. definition.Components.Select((c, i) => i != at ? c : c with
            {
                // What has no route is not found deaf; it has to end.
                Command = ["sh", "-c", c.Routes.Count == 0 ? FaultServices.CrashLoop : script],
                Health = c.Kind == ComponentKind.Task ? null : health,
            })],
        };
    }
}
