using Mcp.Core.Collections;
using Mcp.Core.Containers;

namespace Mcp.Testing.Containers;

/// <summary>The state of one container; guarded by the runtime's lock.</summary>
internal sealed class FakeContainer(string id, ContainerSpec spec, string imageId, FakeImage image, DateTimeOffset createdAt)
{
    public string Id { get; } = id;

    public string Name { get; set; } = spec.Name;

    public ContainerSpec Spec { get; } = spec;

    public FakeImage Image { get; } = image;

    public FakeRun Run { get; set; } = new();

    public ContainerState State { get; set; } = ContainerState.Created;

    public int? ExitCode { get; set; }

    public bool OutOfMemory { get; set; }

    public int RestartCount { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public List<ContainerLogLine> Log { get; } = [];

    /// <summary>The pending end of a run or the pending restart.</summary>
    public ITimer? Timer { get; set; }

    /// <summary>Completed and replaced at each change, for those that follow.</summary>
    public TaskCompletionSource Changed { get; private set; } = NewSignal();

    public bool IsLive => State is ContainerState.Running or ContainerState.Restarting or ContainerState.Paused;

    public void Signal()
    {
        var changed = Changed;
        Changed = NewSignal();
        changed.TrySetResult();
    }

    public bool RestartsAfter(int exitCode)
    {
        var (policy, limit) = Spec.RestartPolicy.Split(':') is [var name, var count]
            ? (name, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture))
            : (Spec.RestartPolicy, 0);
        return policy switch
        {
            "always" or "unless-stopped" => true,
            "on-failure" => exitCode != 0 && (limit == 0 || RestartCount < limit),
            _ => false,
        };
    }

    public ContainerInfo ToInfo() => new()
    {
        Id = Id,
        Name = Name,
        Image = Spec.Image,
        ImageId = imageId,
        State = State,
        ExitCode = ExitCode,
        OutOfMemory = OutOfMemory,
        RestartCount = RestartCount,
        CreatedAt = createdAt,
        StartedAt = StartedAt,
        FinishedAt = FinishedAt,
        Network = Spec.Network,
        User = Spec.User,
        RestartPolicy = Spec.RestartPolicy,
        Ports = Spec.Ports,
        Mounts = Spec.Mounts.Select(m => m with { Options = null }).ToValueList(),
        Command = Spec.Command,
        Environment = Spec.Environment,
        Labels = Spec.Labels,
        // As podman without systemd: nobody runs it.
        HealthCheck = Image.HealthCheck is { } command ? new(command.ToValueList(), "starting") : null,
    };

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
