using Mcp.Core.Containers;

namespace Mcp.Testing.Containers;

/// <summary>The fake engine's primitive verbs; Run is a Create and a Start.</summary>
public enum EngineVerb
{
    Info,
    InspectImage,
    ListImages,
    Pull,
    TagImage,
    RemoveImage,
    LoadImage,
    Create,
    Start,
    Stop,
    Remove,
    Rename,
    Inspect,
    Exec,
    List,
    ListRunning,
    Logs,
    Events,
}

public enum FaultPoint
{
    /// <summary>Nothing has been done yet.</summary>
    Before,

    /// <summary>The engine has done it; the caller does not hear of it.</summary>
    After,
}

/// <param name="Subject">The container or image as the caller named it.</param>
public sealed record EngineCall(EngineVerb Verb, string Subject);

/// <summary>Holds calls at a verb until released.</summary>
public sealed class EngineBlock
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a call has come to the block.</summary>
    public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void Release() => _released.TrySetResult();

    internal Task HoldAsync(CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        return _released.Task.WaitAsync(cancellationToken);
    }
}

/// <summary>Faults that wait for their verb.</summary>
internal sealed class EngineFaults
{
    private readonly Lock _gate = new();
    private readonly List<Fault> _faults = [];

    public void Add(EngineVerb verb, FaultPoint point, string? subject, int times, Func<CancellationToken, Task> act)
    {
        lock (_gate)
            _faults.Add(new Fault(verb, point, subject, act) { Left = times });
    }

    public void Clear()
    {
        lock (_gate)
            _faults.Clear();
    }

    public async Task ApplyAsync(EngineVerb verb, FaultPoint point, string subject, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Take(verb, point, subject) is { } fault)
            await fault.Act(cancellationToken);
    }

    private Fault? Take(EngineVerb verb, FaultPoint point, string subject)
    {
        lock (_gate)
        {
            var fault = _faults.Find(f => f.Verb == verb && f.Point == point && (f.Subject is null || f.Subject == subject));
            if (fault is not null && --fault.Left == 0)
                _faults.Remove(fault);
            return fault;
        }
    }

    private sealed record Fault(EngineVerb Verb, FaultPoint Point, string? Subject, Func<CancellationToken, Task> Act)
    {
        public int Left { get; set; }
    }
}
