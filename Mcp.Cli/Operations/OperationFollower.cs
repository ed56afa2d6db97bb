using System.Globalization;
using System.Runtime.CompilerServices;
using Mcp.Cli.Output;
using Mcp.Core;
using Mcp.Core.Operations;
using Spectre.Console;

namespace Mcp.Cli.Operations;

/// <summary>Shows an operation from its plan to its result, as JSON, as lines or live, and says how it ended.</summary>
/// <param name="target">What the user named: "hello" or "hello/web"; null: the service that the plan names.</param>
internal sealed class OperationFollower(CommandContext context, string node, string? target = null)
{
    private OperationState _state = new(node, target);

    private bool IsLive => context is { Json: false, Quiet: false, Host.IsTerminal: true };

    /// <returns>The exit code.</returns>
    public async Task<int> FollowAsync(IAsyncEnumerable<OperationUpdate> updates, CancellationToken cancellationToken)
    {
        var observed = ObserveAsync(updates, cancellationToken);
        try
        {
            await (context switch
            {
                { Json: true } => WriteJsonAsync(observed),
                { Quiet: true } => observed.LastOrDefaultAsync(CancellationToken.None).AsTask(),
                _ when IsLive => new LiveSteps(context.Host).ShowAsync(observed),
                _ => new PlainSteps(context.Host).ShowAsync(observed),
            });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            var (message, remedy) = Interrupted();
            ErrorView.Write(context.Host.Error, message, remedy);
            return ExitCode.Interrupted;
        }
        return Conclude();
    }

    private async IAsyncEnumerable<OperationUpdate> ObserveAsync(
        IAsyncEnumerable<OperationUpdate> updates, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var update in updates.WithCancellation(cancellationToken))
        {
            _state = _state.After(update);
            // Beside a live display there is one console: another stream's lines would land in the middle of it.
            var console = IsLive ? context.Host.Console : context.Host.Error;
            foreach (var warning in OperationState.WarningsOf(update))
                ErrorView.WriteWarning(console, warning);
            if (update is OperationPlanned { RollbackOf: { } release } plan && !context.Quiet)
                console.Write(
                    new Text(string.Create(CultureInfo.InvariantCulture, $"Rolling back {plan.Service} on {node} to release {release}\n")));
            yield return update;
        }
    }

    private async Task WriteJsonAsync(IAsyncEnumerable<OperationUpdate> updates)
    {
        await foreach (var update in updates)
            JsonOutput.WriteLine(context.Host.Out, JsonOutput.Of(node, update));
    }

    private int Conclude()
    {
        if (_state.Failure is { } failure)
        {
            ErrorView.Write(context.Host.Error, failure.Message, failure.Remedy);
            return ExitCode.Failed;
        }
        if (!context.Json && !context.Quiet)
        {
            var end = _state.End!;
            context.Host.Console.Write(new Text($"{_state.Summary} ({RelativeTime.Elapsed(end.Elapsed)})\n", StateStyle.Strong));
            if (end.Components.Count > 0)
                ComponentTable.OfOneService(end.Components, context.Now).WriteTo(context.Host.Console, context.Width, indent: 2);
        }
        return ExitCode.Done;
    }

    private (string Message, string Remedy) Interrupted()
    {
        if (_state.Image is { State: StepState.Running } image)
            return (
                ImageText.Interrupted(image) + $"; {node} was not contacted",
                "run it again: what was built is in the engine's cache");
        if (_state.Waiting is { } waiting)
        {
            return ($"stopped waiting for the {StateText.Of(waiting.Kind)} by {waiting.Actor}; nothing was begun on {node}",
                $"see how that operation ends with `mcp watch {waiting.Holder} --node {node}`");
        }
        var status = $"mcp status {_state.Plan?.Service ?? target?.Split('/')[0]}".TrimEnd();
        return _state.OperationId.Length == 0
            ? ($"stopped before {node} answered; the operation may have begun", $"see the state with `{status}`")
            : ($"stopped watching; the operation continues on {node}",
                $"see how it ends with `mcp watch {_state.OperationId} --node {node}` or `{status}`");
    }
}
