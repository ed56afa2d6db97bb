using System.Text.Json.Nodes;
using Mcp.Cli.Output;
using Mcp.Core;
using Mcp.Core.Client;
using Mcp.Core.Client.Sync;
using Mcp.Core.Operations;
using Spectre.Console;

namespace Mcp.Cli.Operations;

/// <summary>Shows a sync: what each service does as it does it, then one row for each. With --json a line per update.</summary>
internal sealed class SyncFollower(CommandContext context)
{
    private readonly List<SyncResult> _results = [];
    private readonly List<int> _codes = [];
    private readonly Dictionary<string, PlainSteps> _steps = [];

    /// <returns>The exit code.</returns>
    public async Task<int> FollowAsync(IAsyncEnumerable<SyncUpdate> updates, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var update in updates.WithCancellation(cancellationToken))
                Take(update);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            ErrorView.Write(
                context.Host.Error, $"stopped after {_results.Count} services; operations that had begun continue on their nodes",
                "see the state with `mcp status`");
            return ExitCode.Interrupted;
        }
        if (!context.Json && !context.Quiet && _results.Count > 0)
            Table().WriteTo(context.Host.Console, context.Width);
        else if (_results.Count == 0 && _codes.Count == 0)
            context.Hint("No service with a definition belongs there.");
        return ExitCode.Worst(_codes);
    }

    private void Take(SyncUpdate update)
    {
        if (context.Json)
            JsonOutput.WriteLine(context.Host.Out, Json(update));
        switch (update)
        {
            case SyncProgressed { Update: var progress } progressed:
                foreach (var warning in OperationState.WarningsOf(progress))
                    ErrorView.WriteWarning(context.Host.Error, $"{progressed.Service}: {warning}");
                if (context is { Json: false, Quiet: false })
                    Steps(progressed.Service).Show(progress);
                break;
            case SyncNodeFailed failed:
                _codes.Add(ExitCode.Of(failed.Error));
                context.Report(failed.Error);
                break;
            case SyncOrphan orphan:
                ErrorView.WriteWarning(context.Host.Error, orphan.DefinedFor is null
                    ? $"{orphan.Node} runs service {orphan.Service}, which no file in {context.Services.Folder} defines (remove it with " +
                    $"`mcp undeploy {orphan.Service} --node {orphan.Node}`)"
                    : $"{orphan.Node} still runs service {orphan.Service}, whose file names node {orphan.DefinedFor} (remove it with " +
                    $"`mcp undeploy {orphan.Service} --node {orphan.Node}`)");
                break;
            case SyncEnded { Result: var result }:
                End(result);
                break;
        }
    }

    private void End(SyncResult result)
    {
        _results.Add(result);
        if (result.Error is not { } error)
            return;
        // What an operation failed with is its failure, also where the same error without an operation would be one of usage.
        _codes.Add(result.OperationId.Length > 0 ? ExitCode.Failed : ExitCode.Of(error));
        // The node's own error has been told once, for all of its services.
        if (result.Outcome != SyncOutcome.Unreachable)
            ErrorView.Write(context.Host.Error, $"{result.Service}: {error.Message.TrimEnd('.')}", error.Remedy);
    }

    private PlainSteps Steps(string service)
    {
        if (!_steps.TryGetValue(service, out var steps))
            _steps[service] = steps = new PlainSteps(context.Host, subject: service);
        return steps;
    }

    private TableView Table()
    {
        var table =
            new TableView(new("SERVICE", 100), new("NODE", 90), new("RESULT", 95), new("IMAGES", 50), new("TIME", 40, RightAligned: true));
        foreach (var r in _results.OrderBy(r => r.Service, StringComparer.Ordinal))
            table.Add(
                r.Service, r.Node, new TableCell(StateText.Of(r.Outcome), Style(r.Outcome)), Images(r), RelativeTime.Elapsed(r.Elapsed));
        return table;
    }

    private static string Images(SyncResult result) => string.Join(", ", new[]
    {
        (Count: result.Images.Count(i => i.Built), Word: "built"),
        (Count: result.Images.Count(i => i.SentTo.Length > 0), Word: "sent"),
    }.Where(p => p.Count > 0).Select(p => $"{p.Count} {p.Word}"));

    private static Style Style(SyncOutcome outcome) => outcome switch
    {
        SyncOutcome.Unchanged => StateStyle.Off,
        SyncOutcome.Deployed => StateStyle.Good,
        _ => StateStyle.Bad,
    };

    private static JsonObject Json(SyncUpdate update)
    {
        switch (update)
        {
            case SyncProgressed progressed:
                var json = JsonOutput.Of(progressed.Node, progressed.Update);
                json["service"] = progressed.Service;
                return json;
            case SyncNodeFailed failed:
                return new() { ["type"] = "node-failed", ["node"] = failed.Node, ["error"] = JsonOutput.Of(failed.Error) };
            case SyncOrphan orphan:
                return new() { ["type"] = "orphan", ["node"] = orphan.Node, ["service"] = orphan.Service,
                    ["definedFor"] = orphan.DefinedFor };
            case SyncEnded { Result: var result }:
                var ended = JsonOutput.Of(null, result);
                ended.Insert(0, "type", "result");
                ended.Insert(ended.IndexOf("outcome") + 1, "error", result.Error is { } error ? JsonOutput.Of(error) : null);
                return ended;
            default:
                throw new ArgumentOutOfRangeException(nameof(update), update.GetType().Name, "unknown kind of update");
        }
    }
}
