using System.Collections.Concurrent;
using System.Globalization;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Images.Building;
using Mcp.Core.Operations;

namespace Mcp.Core.Client.Images;

/// <summary>The work on one image: build, then push or send.</summary>
internal sealed class ImageJob(
    ImagePlan plan, PlannedImage item, IImageBuilder builder, ImageTools tools, ConcurrentDictionary<string, ImageResult> made,
    Action<OperationUpdate> report)
{
    private readonly ImageReference _image = item.Image;
    private readonly long _started = tools.Time.GetTimestamp();

    private string Name => _image.ToString();

    private DateTimeOffset Now => tools.Time.GetUtcNow();

    public async Task RunAsync(AgentClient? agent, CancellationToken cancellationToken)
    {
        var result = item.Build is not null ? await BuildAsync(cancellationToken).ConfigureAwait(false) : null;
        if (item.Delivery == Delivery.Send && agent is not null || result is null)
        {
            var local = item.Build is null && item.Here is { } here ? here : await FindLocalAsync(cancellationToken).ConfigureAwait(false);
            result ??= Describe(local);
            if (item.Delivery == Delivery.Send && agent is not null)
                result = await SendAsync(result, local, agent, cancellationToken).ConfigureAwait(false);
        }
        report(new ImageReady(Now, result with { Duration = tools.Time.GetElapsedTime(_started) }));
    }

    private async Task<ImageResult> BuildAsync(CancellationToken cancellationToken)
    {
        // Another service of the same run may have needed it too.
        if (made.TryGetValue(Name, out var earlier))
            return earlier with { Service = plan.Definition.Name, Built = false };
        var built = await PhaseAsync(ImagePhase.Build, output => builder.BuildAsync(item.Build!, output, cancellationToken), Reused)
            .ConfigureAwait(false);
        var result = new ImageResult
        {
            Service = plan.Definition.Name,
            Image = Name,
            ImageId = built.ImageId,
            Size = built.Size,
            Layers = built.Layers,
            LayersReused = built.LayersReused,
            Duration = built.Duration,
            Built = true,
        };
        if (item.Delivery == Delivery.Push)
            result = result with { Digest = await PushAsync(cancellationToken).ConfigureAwait(false) };
        return made[Name] = result;
    }

    private async Task<string> PushAsync(CancellationToken cancellationToken)
    {
        var digest = await PhaseAsync(ImagePhase.Push, async output =>
        {
            var transport = await tools.Registry.GetTransportAsync(_image, cancellationToken).ConfigureAwait(false);
            return await builder.PushAsync(_image, transport, output, cancellationToken).ConfigureAwait(false);
        }, d => d).ConfigureAwait(false);
        if (item.Check is { Presence: ImagePresence.Present, Digest: { } before } && before != digest)
            report(
                new ImageWarned(
                    Now, Name,
                    $"the tag {_image.Tag} of {Name} was moved: it was {before} and is {digest} now; what was deployed under this " +
                    $"version before is another image"));
        return digest;
    }

    private async Task<LocalImage> FindLocalAsync(CancellationToken cancellationToken) =>
        await builder.FindAsync(_image, cancellationToken).ConfigureAwait(false)
            ?? throw new ImageBuildException(
                ImageBuildError.ImageMissing, $"the workstation's engine no longer has {Name}", "build it with `mcp build`");

    private ImageResult Describe(LocalImage local) => new()
    {
        Service = plan.Definition.Name,
        Image = Name,
        ImageId = local.Id,
        Size = local.Size,
        Layers = local.Layers.Count,
        LayersReused = local.Layers.Count,
        Duration = TimeSpan.Zero,
    };

    private async Task<ImageResult> SendAsync(
        ImageResult result, LocalImage local, AgentClient agent, CancellationToken cancellationToken)
    {
        var started = tools.Time.GetTimestamp();
        var node = agent.Node.Name;
        Progress(ImagePhase.Send, StepState.Running, $"to {node}", TimeSpan.Zero);
        TransferProgress? shown = null;
        var sent = await new ImageTransfer(builder, agent, progress =>
        {
            // A line per megabyte is enough.
            if (shown is not null && shown.Missing == progress.Missing && progress.Sent - shown.Sent < 1_000_000)
                return;
            shown = progress;
            Progress(ImagePhase.Send, StepState.Running, $"to {node}, {progress}", tools.Time.GetElapsedTime(started));
        }).SendAsync(Name, local, cancellationToken).ConfigureAwait(false);
        Progress(ImagePhase.Send, StepState.Done, $"to {node}, {sent}", tools.Time.GetElapsedTime(started));
        return result with { SentTo = node, LayersSent = sent.Missing, BytesSent = sent.Sent };
    }

    private async Task<T> PhaseAsync<T>(ImagePhase phase, Func<IProgress<ImageOutput>, Task<T>> work, Func<T, string> said)
    {
        var started = tools.Time.GetTimestamp();
        Progress(phase, StepState.Running, "", TimeSpan.Zero);
        var output = new Reporter<ImageOutput>(line =>
        {
            if (line.Step is { } step)
                Progress(phase, StepState.Running, step.ToString(), tools.Time.GetElapsedTime(started));
            report(new ImagePrinted(Now, Name, phase, line.Text));
            if (line.Warning is { } warning)
                report(new ImageWarned(Now, Name, warning));
        });
        var result = await work(output).ConfigureAwait(false);
        Progress(phase, StepState.Done, said(result), tools.Time.GetElapsedTime(started));
        return result;
    }

    private void Progress(ImagePhase phase, StepState state, string message, TimeSpan elapsed) =>
        report(new ImageProgressed(Now, Name, phase, state, message, elapsed));

    private static string Reused(ImageBuildResult built) =>
        string.Create(CultureInfo.InvariantCulture, $"{built.LayersReused} of {built.Layers} layers reused");

    /// <summary>Unlike <see cref="Progress{T}"/> it calls at once, so that lines keep their order.</summary>
    private sealed class Reporter<T>(Action<T> take) : IProgress<T>
    {
        public void Report(T value) => take(value);
    }
}
