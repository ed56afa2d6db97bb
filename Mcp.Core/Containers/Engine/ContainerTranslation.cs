using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mcp.Core.Collections;

namespace Mcp.Core.Containers.Engine;

/// <summary>Between the project's records and the engine's JSON.</summary>
internal static class ContainerTranslation
{
    public static CreateDto ToRequest(ContainerSpec spec, string image) => new()
    {
        Image = image,
        Cmd = spec.Command.Count == 0 ? null : spec.Command,
        Env = spec.Environment.Count == 0 ? null : spec.Environment,
        Labels = spec.Labels.Count == 0 ? null : spec.Labels,
        User = spec.User,
        ExposedPorts = spec.Ports.Count == 0 ? null : spec.Ports.Select(PortKey).Distinct().ToDictionary(key => key, _ => new EmptyDto()),
        HostConfig = new HostConfigDto
        {
            RestartPolicy = ToRestart(spec.RestartPolicy),
            Memory = spec.Memory,
            PortBindings = spec.Ports.Count == 0 ? null : spec.Ports
                .GroupBy(PortKey)
                .ToDictionary(
                    g => g.Key,
                    g =>
                        (List<PortDto>?)[.. g.Select(p => new PortDto(p.HostIp ?? "", p.HostPort.ToString(CultureInfo.InvariantCulture)))]),
            Binds = spec.Mounts.Count == 0 ? null : [.. spec.Mounts.Select(m => m.ToString())],
            NetworkMode = spec.Network,
        },
    };

    public static ContainerInfo ToInfo(ContainerDto c)
    {
        var state = ToState(c);
        var started = EngineTime.Read(c.State?.StartedAt);
        var runs = state is ContainerState.Running or ContainerState.Paused;
        return new ContainerInfo
        {
            Id = c.Id,
            Name = (c.Name ?? "").TrimStart('/'),
            Image = c.Config?.Image ?? c.Image ?? "",
            ImageId = c.Image ?? "",
            State = state,
            ExitCode = runs || started is null ? null : c.State?.ExitCode,
            OutOfMemory = c.State?.OomKilled ?? false,
            RestartCount = c.RestartCount,
            CreatedAt = EngineTime.Read(c.Created) ?? default,
            StartedAt = started,
            FinishedAt = runs ? null : EngineTime.Read(c.State?.FinishedAt),
            Network = ToNetwork(c),
            User = c.Config?.User is { Length: > 0 } user ? user : null,
            RestartPolicy = c.HostConfig?.RestartPolicy switch
            {
                { Name: "on-failure", MaximumRetryCount: > 0 and var times } =>
                    string.Create(CultureInfo.InvariantCulture, $"on-failure:{times}"),
                { Name: { Length: > 0 } name } => name,
                _ => "no",
            },
            Ports = ToPorts(c.HostConfig?.PortBindings),
            Mounts = (c.Mounts ?? []).Select(m => new Mount((m.Type == "volume" ? m.Name : m.Source) ?? "", m.Destination ?? "", !m.Rw))
                .ToValueList(),
            Command = (c.Config?.Cmd ?? []).ToValueList(),
            Environment = (c.Config?.Env ?? []).ToValueList(),
            Labels = new ValueMap(c.Config?.Labels ?? []),
            HealthCheck = ToHealthCheck(c),
        };
    }

    private static ContainerHealthCheck? ToHealthCheck(ContainerDto c) => c.Config?.Healthcheck?.Test switch
    {
        ["CMD", .. { Count: > 0 } command] => new(command.ToValueList(), c.State?.Health?.Status ?? ""),
        // Podman 4 leaves out CMD-SHELL's shell, or the word itself.
        ["CMD-SHELL", .. { Count: > 0 } script] => new(["/bin/sh", "-c", string.Join(' ', script)], c.State?.Health?.Status ?? ""),
        _ => null,
    };

    /// <summary>Whether nothing is going to happen to it by itself: neither runs nor is about to be restarted or cleaned up.</summary>
    public static bool IsAtRest(ContainerDto c) =>
        c.State?.Status?.ToLowerInvariant() is "exited" or "created" or "configured" or "initialized" or "dead" or "removing";

    private static ContainerState ToState(ContainerDto c) => c.State?.Status?.ToLowerInvariant() switch
    {
        "created" or "configured" or "initialized" => ContainerState.Created,
        "running" or "stopping" => ContainerState.Running,
        "restarting" => ContainerState.Restarting,
        "paused" => ContainerState.Paused,
        // podman: between a container's end and its clean-up, which for many a policy is the next start.
        "stopped" when c.HostConfig?.RestartPolicy is { } policy
            && (policy.Name is "always" or "unless-stopped" || (policy.Name == "on-failure" && c.State.ExitCode != 0)) =>
                ContainerState.Restarting,
        // podman: "removing" while it goes.
        "exited" or "stopped" or "removing" => ContainerState.Exited,
        "dead" => ContainerState.Dead,
        _ => ContainerState.Unknown,
    };

    private static string PortKey(PortBinding p) => string.Create(CultureInfo.InvariantCulture, $"{p.ContainerPort}/{p.Protocol}");

    private static RestartPolicyDto ToRestart(string policy) =>
        policy.Split(':', 2) is [var name, var times] && int.TryParse(times, CultureInfo.InvariantCulture, out var count)
            ? new RestartPolicyDto(name, count)
            : new RestartPolicyDto(policy, 0);

    private static ValueList<PortBinding> ToPorts(Dictionary<string, List<PortDto>?>? bindings)
    {
        var ports = new List<PortBinding>();
        foreach (var (key, hosts) in bindings ?? [])
        {
            var (number, protocol) = key.Split('/') is [var n, var p] ? (n, p) : (key, "tcp");
            foreach (var host in hosts ?? [])
                if (int.TryParse(number, CultureInfo.InvariantCulture, out var container)
                    && int.TryParse(host.HostPort, CultureInfo.InvariantCulture, out var hostPort))
                    ports.Add(new PortBinding(host.HostIp is null or "" or "0.0.0.0" ? null : host.HostIp, hostPort, container, protocol));
        }
        return ports.OrderBy(p => p.ContainerPort).ThenBy(p => p.HostPort).ToValueList();
    }

    /// <summary>The network asked for; null is the engine's own default, which podman calls "podman" or "bridge" and docker "default" or
    /// "bridge".</summary>
    private static string? ToNetwork(ContainerDto c)
    {
        var mode = c.HostConfig?.NetworkMode;
        if (mode is not (null or "" or "default" or "bridge" or "podman"))
            return mode;
        // podman says "bridge" for its own networks too and names them only here.
        var name = c.NetworkSettings?.Networks?.Keys.FirstOrDefault();
        return name is "bridge" or "podman" ? null : name;
    }
}

internal sealed record CreateDto
{
    public required string Image { get; init; }

    public IReadOnlyList<string>? Cmd { get; init; }

    public IReadOnlyList<string>? Env { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public string? User { get; init; }

    public Dictionary<string, EmptyDto>? ExposedPorts { get; init; }

    public required HostConfigDto HostConfig { get; init; }
}

internal sealed record EmptyDto;

internal sealed record HostConfigDto
{
    public RestartPolicyDto? RestartPolicy { get; init; }

    public Dictionary<string, List<PortDto>?>? PortBindings { get; init; }

    public List<string>? Binds { get; init; }

    public string? NetworkMode { get; init; }

    public long? Memory { get; init; }
}

internal sealed record RestartPolicyDto(string? Name, int MaximumRetryCount);

internal sealed record PortDto(string? HostIp, string? HostPort);

internal sealed record ContainerDto
{
    public required string Id { get; init; }

    public string? Name { get; init; }

    public string? Created { get; init; }

    public string? Image { get; init; }

    public int RestartCount { get; init; }

    public StateDto? State { get; init; }

    public ContainerConfigDto? Config { get; init; }

    public HostConfigDto? HostConfig { get; init; }

    public List<MountDto>? Mounts { get; init; }

    public NetworkSettingsDto? NetworkSettings { get; init; }
}

internal sealed record StateDto(
    string? Status, int Pid, int ExitCode, [property: JsonPropertyName("OOMKilled")] bool OomKilled, string? StartedAt,
    string? FinishedAt, HealthDto? Health);

internal sealed record ContainerConfigDto
{
    public string? Image { get; init; }

    public string? User { get; init; }

    public List<string>? Env { get; init; }

    [JsonConverter(typeof(TextOrListConverter))]
    public List<string>? Cmd { get; init; }

    public Dictionary<string, string>? Labels { get; init; }

    public HealthcheckDto? Healthcheck { get; init; }
}

internal sealed record MountDto(
    string? Type, string? Name, string? Source, string? Destination, [property: JsonPropertyName("RW")] bool Rw);

internal sealed record NetworkSettingsDto(Dictionary<string, JsonElement>? Networks);

internal sealed record HealthcheckDto(List<string>? Test);

internal sealed record HealthDto(string? Status);
