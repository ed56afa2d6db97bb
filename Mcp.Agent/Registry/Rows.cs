namespace Mcp.Agent.Registry;

// What Dapper fills, column by column. Properties, not constructors: SQLite's integers are all 64 bits wide, and only property mapping narrows them.
internal sealed class ServiceRow
{
    public string Name { get; init; } = "";
    public string? Node { get; init; }
    public bool Active { get; init; }
    public string? Path { get; init; }
    public string? Version { get; init; }
    public string DeployedAt { get; init; } = "";
    public string DeployedBy { get; init; } = "";
}

internal sealed class ImageRow
{
    public string Service { get; init; } = "";
    public string Name { get; init; } = "";
    public string Dockerfile { get; init; } = "";
}

internal sealed class ArgumentRow
{
    public string Service { get; init; } = "";
    public string Name { get; init; } = "";
    public string Value { get; init; } = "";
}

internal abstract class ChildRow
{
    public string Service { get; init; } = "";
    public string Component { get; init; } = "";
}

internal sealed class ComponentRow : ChildRow
{
    public string Image { get; init; } = "";
    public string? Network { get; init; }
    public string? User { get; init; }
    public string? Restart { get; init; }
    public string Desired { get; init; } = "";
    public string Observed { get; init; } = "";
    public string? ObservedAt { get; init; }
    public string? ContainerId { get; init; }
    public string? ImageId { get; init; }
    public string? Digest { get; init; }
    public string Kind { get; init; } = "";
    public string Strategy { get; init; } = "";
    public long? Drain { get; init; }
    public long? StopTimeout { get; init; }
    public long? Timeout { get; init; }
}

internal sealed class PortRow : ChildRow
{
    public string? HostIp { get; init; }
    public int HostPort { get; init; }
    public int ContainerPort { get; init; }
    public string Protocol { get; init; } = "";
}

internal sealed class VolumeRow : ChildRow
{
    public string Source { get; init; } = "";
    public string Target { get; init; } = "";
    public bool ReadOnly { get; init; }
    public string? Options { get; init; }
}

internal sealed class ValueRow : ChildRow
{
    public string Value { get; init; } = "";
}

internal sealed class RouteRow : ChildRow
{
    public string Name { get; init; } = "";
    public int Port { get; init; }
    public string Mode { get; init; } = "";
    public string? Hostname { get; init; }
    public int? HostPort { get; init; }
}

internal sealed class HealthRow : ChildRow
{
    public string? Http { get; init; }
    public int? Status { get; init; }
    public string? Host { get; init; }
    public bool Tcp { get; init; }
    public bool? Image { get; init; }
    public string? Route { get; init; }
    public int? Port { get; init; }
    public long? Interval { get; init; }
    public long? Timeout { get; init; }
    public int? Retries { get; init; }
    public long? StartPeriod { get; init; }
    public long? StayUp { get; init; }
}

internal sealed class ClaimRow : ChildRow
{
    public string? Route { get; init; }
    public string? HostIp { get; init; }
    public int HostPort { get; init; }
    public string Protocol { get; init; } = "";
}
