using System.Text.RegularExpressions;
using Mcp.Core.Containers;

namespace Mcp.Testing.Containers;

public sealed partial class FakeContainerRuntime
{
    public Task<string> GetNameAsync(CancellationToken cancellationToken) =>
        CallAsync(EngineVerb.Info, "", () => "fake", cancellationToken);

    public Task<EngineInfo> GetInfoAsync(CancellationToken cancellationToken) =>
        CallAsync(EngineVerb.Info, "", () => new EngineInfo("fake", "1.0.0", "1.41", null), cancellationToken);

    public Task<ImageInfo?> InspectImageAsync(string image, CancellationToken cancellationToken) =>
        CallAsync(
            EngineVerb.InspectImage, image, () => FindImage(image) is { } found ? DescribeWhole(found.Reference, found.Image) : null,
            cancellationToken);

    public Task PullAsync(string image, IProgress<string>? progress, CancellationToken cancellationToken) =>
        CallAsync(EngineVerb.Pull, image, () =>
        {
            var reference = Normalise(image);
            if (_pullErrors.TryGetValue(reference, out var error))
                throw error;
            SetImage(
                reference,
                FindInRegistry(reference)
                    ?? throw new EngineException(
                        EngineError.ImageNotFound, $"image {image}: manifest unknown", "Build and push it, or correct the tag."));
            progress?.Report($"pulled {image}");
            return true;
        }, cancellationToken);

    public Task<string> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken) =>
        CallAsync(EngineVerb.Create, spec.Name, () => Create(spec).Id, cancellationToken);

    public async Task<string> RunAsync(ContainerSpec spec, CancellationToken cancellationToken)
    {
        var id = await CreateAsync(spec, cancellationToken);
        try
        {
            await CallAsync(EngineVerb.Start, spec.Name, () => Start(id), cancellationToken);
            return id;
        }
        catch
        {
            lock (_gate)
                Remove(id);
            throw;
        }
    }

    public Task StartAsync(string container, CancellationToken cancellationToken) =>
        CallAsync(EngineVerb.Start, container, () => Start(container), cancellationToken);

    public async Task StopAsync(string container, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var mustKill = await CallAsync(EngineVerb.Stop, container, () => Stop(container, timeout), cancellationToken, after: false);
        if (mustKill)
        {
            await Task.Delay(timeout, _time, cancellationToken);
            lock (_gate)
                if (Find(container) is { IsLive: true } c)
                    Finish(c, 137, "stop");
        }
        await _faults.ApplyAsync(EngineVerb.Stop, FaultPoint.After, container, cancellationToken);
    }

    public Task RemoveAsync(string container, CancellationToken cancellationToken) =>
        CallAsync(EngineVerb.Remove, container, () => Remove(container), cancellationToken);

    public Task RenameAsync(string container, string newName, CancellationToken cancellationToken) =>
        CallAsync(EngineVerb.Rename, container, () =>
        {
            var c = Require(container);
            CheckName(newName);
            c.Name = newName;
            Publish(c, "rename");
            return true;
        }, cancellationToken);

    public Task<ContainerInfo?> InspectAsync(string container, CancellationToken cancellationToken) =>
        CallAsync(EngineVerb.Inspect, container, () => Find(container)?.ToInfo(), cancellationToken);

    public async Task<ExecResult> ExecAsync(string container, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var result = await CallAsync(EngineVerb.Exec, container, () => Require(container) is { State: ContainerState.Running } c
            ? c.Run.Exec(command)
            : throw new EngineException(EngineError.Failed, $"container {container} is not running", "Start it."), cancellationToken);
        if (result is null)
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken);
        return result!;
    }

    public Task<IReadOnlyList<ContainerInfo>> ListAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<ContainerInfo>>(
            EngineVerb.List, "", () => [.. With(labels).Select(c => c.ToInfo())], cancellationToken);

    public Task<IReadOnlySet<string>> ListRunningAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        CallAsync<IReadOnlySet<string>>(
            EngineVerb.ListRunning, "",
            () => With(labels).Where(c => c.State is ContainerState.Running or ContainerState.Paused).Select(c => c.Id).ToHashSet(),
            cancellationToken);

    private IEnumerable<FakeContainer> With(IReadOnlyDictionary<string, string> labels) => _containers.Where(
        c => labels.All(l => c.Spec.Labels.TryGetValue(l.Key, out var value) && (l.Value.Length == 0 || l.Value == value)));

    private async Task<T> CallAsync<T>(EngineVerb verb, string subject, Func<T> act, CancellationToken cancellationToken, bool after = true)
    {
        lock (_gate)
            _calls.Add(new EngineCall(verb, subject));
        await _faults.ApplyAsync(verb, FaultPoint.Before, subject, cancellationToken);
        T result;
        lock (_gate)
        {
            ThrowIfDown();
            result = act();
        }
        if (after)
            await _faults.ApplyAsync(verb, FaultPoint.After, subject, cancellationToken);
        return result;
    }

    private void ThrowIfDown()
    {
        if (_unreachable)
            throw new EngineException(EngineError.Unreachable, "the engine does not answer", "Start it.");
    }

    private FakeContainer Create(ContainerSpec spec)
    {
        CheckName(spec.Name);
        if (FindImage(spec.ImageId ?? spec.Image) is not { } image)
            throw new EngineException(
                EngineError.ImageNotFound, $"cannot create {spec.Name}: no such image: {spec.ImageId ?? spec.Image}", "Pull it first.");
        if (spec.Network is { } network && !_networks.Contains(network))
            throw new EngineException(
                EngineError.NetworkNotFound, $"cannot create {spec.Name}: network {network} not found", "Create the network.");
        var container = new FakeContainer(
            Hash($"{++_created} {spec.Name}"), spec, Describe(image.Reference, image.Image).Id, image.Image, _time.GetUtcNow());
        _containers.Add(container);
        Publish(container, "create");
        return container;
    }

    private bool Start(string container)
    {
        var c = Require(container);
        if (c.State is ContainerState.Running or ContainerState.Restarting)
            return true;
        foreach (var port in c.Spec.Ports)
            if (TakenBy(c, port) is { } holder)
                throw new EngineException(
                    EngineError.PortTaken, $"cannot start {c.Name}: port {port.HostPort} is already allocated by {holder}",
                    "Free the port or choose another.");
        c.RestartCount = 0;
        Launch(c);
        return true;
    }

    /// <summary>True when the container does not heed the request and has to be killed after the timeout.</summary>
    private bool Stop(string container, TimeSpan timeout)
    {
        var c = Require(container);
        if (!c.IsLive)
            return false;
        if (c.State == ContainerState.Running && c.Run.StopExitCode is null && timeout > TimeSpan.Zero)
            return true;
        Finish(c, c.Run.StopExitCode ?? 137, "stop");
        return false;
    }

    private bool Remove(string container)
    {
        if (Find(container) is not { } c)
            return true;
        if (c.IsLive)
            Finish(c, 137, null);
        _containers.Remove(c);
        Publish(c, "remove");
        c.Signal();
        return true;
    }

    private string? TakenBy(FakeContainer asking, PortBinding port)
    {
        if (_occupied.Exists(o => o.Port == port.HostPort && Overlap(o.Ip, port.HostIp)))
            return "another process";
        return _containers.Find(c => c != asking && c.State is ContainerState.Running or ContainerState.Paused
            && c.Spec.Ports.Any(p => p.HostPort == port.HostPort && p.Protocol == port.Protocol && Overlap(p.HostIp, port.HostIp)))?.Name;
    }

    private void CheckName(string name)
    {
        if (!ValidName().IsMatch(name))
            throw new EngineException(EngineError.Failed, $"invalid container name '{name}'", "Use letters, digits, '_', '.' and '-'.");
        if (_containers.Exists(c => c.Name == name))
            throw new EngineException(
                EngineError.NameTaken, $"the container name '{name}' is already in use", "Remove or rename the other container.");
    }

    private static bool Overlap(string? a, string? b) => a is null or "0.0.0.0" || b is null or "0.0.0.0" || a == b;

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9_.-]*$")]
    private static partial Regex ValidName();
}
