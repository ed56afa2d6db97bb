using System.Globalization;
using System.Runtime.CompilerServices;
using Mcp.Cli.Output;
using Mcp.Core.Operations;
using Spectre.Console;

namespace Mcp.Cli.Operations;

/// <summary>Shows an operation from its plan to its result, as JSON, as lines or live, and says how it ended.</summary>
/// <param name="subject">What the user named: "hello" or "hello/web"; null: the service that the plan names.</param>
internal sealed class OperationFollower(CommandContext context, string node, string? subject = null)
{
    private OperationPlanned? _plan;
    private string? _operationId;
    private OperationWaiting? _waiting;
    private ImageProgressed? _image;

    private bool IsLive => context is { Json: false, Quiet: false, Host.IsTerminal: true };

    /// <returns>The exit code.</returns>
    public async Task<int> FollowAsync(IAsyncEnumerable<OperationUpdate> updates, CancellationToken cancellationToken)
    {
        var observed = ObserveAsync(updates, cancellationToken);
        OperationEnded? ended;
        try
        {
            ended = context switch
            {
                { Json: true } => await WriteJsonAsync(observed),
                { Quiet: true } => await LastAsync(observed),
                _ when IsLive => await new LiveSteps(context.Host).ShowAsync(observed),
                _ => await new PlainSteps(context.Host).ShowAsync(observed),
            };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            var (message, remedy) = Interrupted();
            ErrorView.Write(context.Host.Error, message, remedy);
            return ExitCode.Interrupted;
        }
        return Conclude(ended);
    }

    private async IAsyncEnumerable<OperationUpdate> ObserveAsync(
        IAsyncEnumerable<OperationUpdate> updates, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var update in updates.WithCancellation(cancellationToken))
        {
            // Images are made before there is an operation, and whoever waits has none yet.
            _waiting = update as OperationWaiting ?? (update is ImageUpdate ? _waiting : null);
            if (update.OperationId.Length > 0)
                _operationId = update.OperationId;
            _image = update as ImageProgressed ?? (update is ImagePrinted ? _image : null);
            _plan = update as OperationPlanned ?? _plan;
            // Beside a live display there is one console: another stream's lines would land in the middle of it.
            var console = IsLive ? context.Host.Console : context.Host.Error;
            foreach (var warning in Warnings.Of(update))
                ErrorView.WriteWarning(console, warning);
            if (update is OperationPlanned { RollbackOf: { } target } plan && !context.Quiet)
                console.Write(new Text(Invariant($"Rolling back {plan.Service} on {node} to release {target}\n")));
            yield return update;
        }
    }

    private async Task<OperationEnded?> WriteJsonAsync(IAsyncEnumerable<OperationUpdate> updates)
    {
        OperationEnded? ended = null;
        await foreach (var update in updates)
        {
            JsonOutput.WriteLine(context.Host.Out, JsonOutput.Of(node, update));
            ended = update as OperationEnded;
        }
        return ended;
    }

    private static async Task<OperationEnded?> LastAsync(IAsyncEnumerable<OperationUpdate> updates) => await updates.LastOrDefaultAsync() as OperationEnded;

    private int Conclude(OperationEnded? ended)
    {
        if (ended is not { Outcome: OperationOutcome.Succeeded })
        {
            ErrorView.Write(context.Host.Error, ended?.DescribeFailure() ?? "the operation ended without a result", ended?.Remedy ?? "see the agent's log on the node");
            return ExitCode.Failed;
        }
        if (!context.Json && !context.Quiet)
        {
            context.Host.Console.Write(new Text($"{Success()} ({RelativeTime.Elapsed(ended.Elapsed)})\n", StateStyle.Strong));
            if (ended.Components.Count > 0)
                ComponentTable.OfOneService(ended.Components, context.Now).WriteTo(context.Host.Console, context.Width, indent: 2);
        }
        return ExitCode.Done;
    }

    private (string Message, string Remedy) Interrupted()
    {
        if (_image is { State: StepState.Running })
            return (ImageLine.Interrupted(_image) + $"; {node} was asked for nothing", "run it again: what was built is in the engine's cache");
        if (_waiting is not null)
            return ($"stopped waiting for {_waiting.Actor}'s {_waiting.Kind.ToString().ToLowerInvariant()}; {node} has begun nothing", $"see how that one ends with `mcp watch {_waiting.Holder} --node {node}`");
        var status = $"mcp status {_plan?.Service ?? subject?.Split('/')[0]}".TrimEnd();
        return _operationId is null
            ? ($"stopped before {node} answered; it may have begun all the same", $"see how things stand with `{status}`")
            : ($"stopped watching; the operation goes on at {node}", $"see how it ends with `mcp watch {_operationId} --node {node}` or `{status}`");
    }

    private string Success()
    {
        var named = subject ?? _plan?.Service ?? "";
        return _plan switch
        {
            null => $"Done on {node}",
            { Steps.Count: 0, RollbackOf: { } target } => Invariant($"Nothing to do: {named} on {node} is as release {target} had it"),
            { Steps.Count: 0 } => $"Nothing to do: {named} on {node} is as wanted",
            { RollbackOf: { } target } => Invariant($"Rolled back {named} on {node} to release {target}{AsRelease()}"),
            _ => $"{PastTense(_plan.Kind)} {named} {(_plan.Kind == OperationKind.Deploy ? "to" : "on")} {node}{AsRelease()}",
        };
    }

    private string AsRelease() => _plan?.Release is { } release ? Invariant($" as release {release}") : "";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string PastTense(OperationKind kind) => kind switch
    {
        OperationKind.Deploy => "Deployed",
        OperationKind.Undeploy => "Removed",
        OperationKind.Start => "Started",
        OperationKind.Stop => "Stopped",
        OperationKind.Rollback => "Rolled back",
        _ => "Restarted",
    };
}
