using System.Runtime.CompilerServices;
using Mcp.Cli.Output;
using Mcp.Core.Operations;

namespace Mcp.Cli.Operations;

/// <summary>Shows work on images, then what became of each: a table, or with --json one document.</summary>
internal sealed class ImageFollower(CommandContext context, bool withOutput)
{
    private OperationState _state = new("");

    private bool IsLive => context is { Json: false, Quiet: false, Host.IsTerminal: true };

    /// <returns>The exit code.</returns>
    public async Task<int> FollowAsync(IAsyncEnumerable<OperationUpdate> updates, CancellationToken cancellationToken)
    {
        var observed = ObserveAsync(updates, cancellationToken);
        try
        {
            await (context switch
            {
                { Json: true } or { Quiet: true } => observed.LastOrDefaultAsync(CancellationToken.None).AsTask(),
                _ when IsLive => new LiveSteps(context.Host, withOutput).ShowAsync(observed),
                _ => new PlainSteps(context.Host, withOutput).ShowAsync(observed),
            });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            ErrorView.Write(
                context.Host.Error, _state.Image is { } image ? ImageText.Interrupted(image) : "stopped; nothing is left half done", "");
            return ExitCode.Interrupted;
        }
        if (context.Json)
            JsonOutput.WriteList(context.Host.Out, _state.Images.Select(r => JsonOutput.Of(null, r)));
        else if (_state.Images.Count > 0 && !context.Quiet)
            Table().WriteTo(context.Host.Console, context.Width);
        else if (_state.Images.Count == 0)
            context.Hint("Nothing to do: every image is in place.");
        return ExitCode.Done;
    }

    private async IAsyncEnumerable<OperationUpdate> ObserveAsync(
        IAsyncEnumerable<OperationUpdate> updates, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var update in updates.WithCancellation(cancellationToken))
        {
            _state = _state.After(update);
            foreach (var warning in OperationState.WarningsOf(update))
                ErrorView.WriteWarning(IsLive ? context.Host.Console : context.Host.Error, warning);
            yield return update;
        }
    }

    private TableView Table()
    {
        var table = new TableView(
            new("IMAGE", 100), new("DIGEST", 90), new("SIZE", 60, RightAligned: true), new("LAYERS REUSED", 50, RightAligned: true),
            new("TIME", 40, RightAligned: true), new("PUSHED", 70), new("SENT TO", 80));
        foreach (var r in _state.Images)
        {
            table.Add(r.Image, Short(r.Digest), ByteSize.Text(r.Size), $"{r.LayersReused} of {r.Layers}", RelativeTime.Elapsed(r.Duration),
                r.Pushed ? new TableCell("yes", StateStyle.Good) : r.SentTo.Length > 0 ? "" : new TableCell("no", StateStyle.Off),
                r.SentTo.Length > 0 ? $"{r.SentTo} ({r.LayersSent} of {r.Layers} layers, {ByteSize.Text(r.BytesSent)})" : "");
        }
        return table;
    }

    /// <summary>As engines shorten it; --json has all of it.</summary>
    private static string Short(string digest) => digest.Length > 19 ? digest[..19] : digest;
}
