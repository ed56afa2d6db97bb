using System.Security.Cryptography;
using System.Text;
using Mcp.Core.Containers;

namespace Mcp.Testing.Containers;

/// <summary>An engine in memory that keeps real state: images, names, ports, networks, restarts, logs, events. Held to the same contract
/// tests as podman and docker.
/// This part is what a test does to it; the verbs are in the other parts.</summary>
public sealed partial class FakeContainerRuntime : IContainerRuntime
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Dictionary<string, FakeImage> _images = [];
    private readonly Dictionary<string, FakeImage> _registry = [];
    private readonly Dictionary<string, EngineException> _pullErrors = [];
    private readonly HashSet<string> _networks = ["bridge", "podman", "host", "none"];
    private readonly List<(string? Ip, int Port)> _occupied = [];
    private readonly List<FakeContainer> _containers = [];
    private readonly List<EngineCall> _calls = [];
    private readonly EngineFaults _faults = new();
    private bool _unreachable;
    private int _created;

    /// <param name="time">Restart delays, ends of runs and stop timeouts go by it.</param>
    public FakeContainerRuntime(TimeProvider? time = null) => _time = time ?? TimeProvider.System;

    /// <summary>Every call so far, in order.</summary>
    public IReadOnlyList<EngineCall> Calls
    {
        get
        {
            lock (_gate)
                return [.. _calls];
        }
    }

    /// <summary>All containers as they are now.</summary>
    public IReadOnlyList<ContainerInfo> Containers
    {
        get
        {
            lock (_gate)
                return [.. _containers.Select(c => c.ToInfo())];
        }
    }

    /// <summary>The container's spec as it was created; null when there is none.</summary>
    public ContainerSpec? SpecOf(string container)
    {
        lock (_gate)
            return Find(container)?.Spec;
    }

    /// <summary>The engine has this image.</summary>
    public void AddImage(string image, FakeImage? behaviour = null)
    {
        lock (_gate)
            SetImage(Normalise(image), behaviour ?? FakeImage.Runs);
    }

    public void RemoveImage(string image)
    {
        lock (_gate)
            if (_images.Remove(Normalise(image), out var gone))
                _stored.Remove(Describe(Normalise(image), gone).Id);
    }

    /// <summary>A pull will bring this image; every other one is missing in the registry.</summary>
    public void AddToRegistry(string image, FakeImage? behaviour = null)
    {
        lock (_gate)
            _registry[Normalise(image)] = behaviour ?? FakeImage.Runs;
    }

    /// <summary>Each pull of this image fails so (registry down, denied).</summary>
    public void FailPulls(string image, EngineException error)
    {
        lock (_gate)
            _pullErrors[Normalise(image)] = error;
    }

    public void AddNetwork(string network)
    {
        lock (_gate)
            _networks.Add(network);
    }

    /// <summary>Another process of the host listens there.</summary>
    public void OccupyPort(int port, string? ip = null)
    {
        lock (_gate)
            _occupied.Add((ip, port));
    }

    public void FreePort(int port)
    {
        lock (_gate)
            _occupied.RemoveAll(o => o.Port == port);
    }

    /// <summary>The next <paramref name="times"/> calls of the verb fail; <paramref name="subject"/> narrows it to one container or
    /// image.</summary>
    public void Fail(EngineVerb verb, EngineException error, int times = 1, FaultPoint at = FaultPoint.Before, string? subject = null) =>
        _faults.Add(verb, at, subject, times, _ => throw error);

    /// <summary>Same, with an error made from its kind.</summary>
    public void Fail(
        EngineVerb verb, EngineError error = EngineError.Failed, int times = 1, FaultPoint at = FaultPoint.Before,
        string? subject = null) =>
        Fail(verb, new EngineException(error, $"injected: {verb} failed ({error})", "This is a test."), times, at, subject);

    /// <summary>The next call of the verb stays there until released or cancelled.</summary>
    public EngineBlock Block(EngineVerb verb, FaultPoint at = FaultPoint.Before, string? subject = null)
    {
        var block = new EngineBlock();
        _faults.Add(verb, at, subject, 1, block.HoldAsync);
        return block;
    }

    /// <summary>Runs something at the next <paramref name="times"/> calls of the verb.</summary>
    public void On(
        EngineVerb verb, Func<CancellationToken, Task> act, FaultPoint at = FaultPoint.Before, string? subject = null, int times = 1) =>
        _faults.Add(verb, at, subject, times, act);

    public void ClearFaults() => _faults.Clear();

    /// <summary>The engine is gone: event and log streams break, every call fails. Containers live on, as under podman.</summary>
    public void GoDown()
    {
        lock (_gate)
        {
            _unreachable = true;
            BreakStreams();
        }
    }

    public void ComeBack()
    {
        lock (_gate)
            _unreachable = false;
    }

    /// <summary>The container's process, if one runs, ends by itself; the restart policy applies.</summary>
    public void Exit(string container, int code, bool outOfMemory = false)
    {
        lock (_gate)
        {
            var c = Require(container);
            if (c.State is not (ContainerState.Running or ContainerState.Paused))
                return;
            c.OutOfMemory = outOfMemory;
            if (outOfMemory)
                Publish(c, "oom");
            Ended(c, code);
        }
    }

    /// <summary>The container writes a line.</summary>
    public void Write(string container, string text, bool isError = false)
    {
        lock (_gate)
        {
            var c = Require(container);
            c.Log.Add(new ContainerLogLine(_time.GetUtcNow(), isError, text));
            c.Signal();
        }
    }

    /// <summary>Somebody pauses it by hand.</summary>
    public void Pause(string container)
    {
        lock (_gate)
        {
            var c = Require(container);
            c.State = ContainerState.Paused;
            Publish(c, "pause");
        }
    }

    /// <summary>Ends the pause; what is not paused stays as it is.</summary>
    public void Unpause(string container)
    {
        lock (_gate)
            if (Require(container) is { State: ContainerState.Paused } c)
            {
                c.State = ContainerState.Running;
                Publish(c, "unpause");
            }
    }

    private FakeContainer Require(string container) =>
        Find(container) ?? throw new EngineException(EngineError.NotFound, $"no container '{container}'", "Check the name.");

    private FakeContainer? Find(string container) =>
        _containers.Find(c => c.Name == container)
            ?? _containers.Find(c => container.Length >= 6 && c.Id.StartsWith(container, StringComparison.Ordinal));

    /// <summary>The name under which docker.io/library/x, localhost/x and x are one, with the tag that goes without saying.</summary>
    private static string Normalise(string image)
    {
        foreach (var prefix in (string[])["docker.io/library/", "docker.io/", "localhost/"])
            if (image.StartsWith(prefix, StringComparison.Ordinal))
            {
                image = image[prefix.Length..];
                break;
            }
        return image.Contains('@', StringComparison.Ordinal) || image.LastIndexOf(':') > image.LastIndexOf('/') ? image : image + ":latest";
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
