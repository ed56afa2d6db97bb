namespace Mcp.Agent;

/// <summary>What the agent itself refuses or can't do; the engine's refusals are <see cref="Core.Containers.EngineException"/>s.</summary>
internal sealed class AgentException : Exception
{
    public AgentException(AgentError error, string message, string remedy, Exception? inner = null)
        : base(message, inner)
    {
        Error = error;
        Remedy = remedy;
    }

    public AgentError Error { get; }

    /// <summary>What went wrong, with all that was said to it.</summary>
    public override string Message => Brief + Said;

    /// <summary>What went wrong, without what a container said: its answers and log may contain secrets.</summary>
    public string Brief => base.Message;

    /// <summary>A container's answers and log tail, to follow <see cref="Brief"/>; empty where there are none.</summary>
    public string Said { get; init; } = "";

    /// <summary>What to do next, as one sentence.</summary>
    public string Remedy { get; }

    /// <summary>Stable, for callers: "port-taken".</summary>
    public string Id => ErrorIds.Of(Error);
}

internal enum AgentError
{
    InvalidDefinition,
    InvalidRequest,
    AgentTooOld,
    NotFound,
    ServiceLocked,
    CannotCancel,
    NameTaken,
    ContainerFailed,
    Unhealthy,
    TaskFailed,
    PortsExhausted,
    PortTaken,
    MountMissing,
    RegistryDiskFull,
    RegistryLocked,
    RegistryCorrupt,
    RegistryReadOnly,
    RegistryNewer,
    RegistryFailed,
}
