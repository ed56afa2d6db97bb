using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mcp.Core.Containers.Engine;

/// <summary>Only what is used of the engine's JSON; everything may be absent, for the engines do not agree on what they send.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ErrorDto))]
[JsonSerializable(typeof(VersionDto))]
[JsonSerializable(typeof(SystemInfoDto))]
[JsonSerializable(typeof(ImageDto))]
[JsonSerializable(typeof(ProgressDto))]
[JsonSerializable(typeof(CreateDto))]
[JsonSerializable(typeof(CreatedDto))]
[JsonSerializable(typeof(List<ListedDto>))]
[JsonSerializable(typeof(ContainerDto))]
[JsonSerializable(typeof(EventDto))]
[JsonSerializable(typeof(ExecRequestDto))]
[JsonSerializable(typeof(ExecStartDto))]
[JsonSerializable(typeof(ExecDto))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class EngineJson : JsonSerializerContext;

internal sealed record ErrorDto(string? Message);

internal sealed record VersionDto(string? Version, string? ApiVersion, List<VersionComponentDto>? Components);

internal sealed record VersionComponentDto(string? Name);

internal sealed record SystemInfoDto(string? DockerRootDir);

internal sealed record ImageDto(string? Id, List<string>? RepoTags, List<string>? RepoDigests, long Size, string? Created, ImageConfigDto? Config, RootFsDto? RootFS);

internal sealed record RootFsDto(List<string>? Layers);

internal sealed record ImageConfigDto(Dictionary<string, string>? Labels);

internal sealed record ProgressDto(string? Status, string? Id, string? Progress, string? Stream, string? Error);

internal sealed record CreatedDto(string Id);

internal sealed record ListedDto(string Id);

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

internal sealed record StateDto(string? Status, int ExitCode, [property: JsonPropertyName("OOMKilled")] bool OomKilled, string? StartedAt, string? FinishedAt, HealthDto? Health);

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

internal sealed record MountDto(string? Type, string? Name, string? Source, string? Destination, [property: JsonPropertyName("RW")] bool Rw);

internal sealed record NetworkSettingsDto(Dictionary<string, JsonElement>? Networks);

internal sealed record EventDto(string? Status, string? Id, string? Action, EventActorDto? Actor, long Time, long TimeNano);

internal sealed record ExecRequestDto(bool AttachStdout, bool AttachStderr, IReadOnlyList<string> Cmd);

internal sealed record ExecStartDto(bool Detach, bool Tty);

internal sealed record ExecDto(bool Running, int? ExitCode);

internal sealed record HealthcheckDto(List<string>? Test);

internal sealed record HealthDto(string? Status);

internal sealed record EventActorDto([property: JsonPropertyName("ID")] string? Id, Dictionary<string, string>? Attributes);

/// <summary>Podman writes a command as an array in one place and as a string in another.</summary>
internal sealed class TextOrListConverter : JsonConverter<List<string>>
{
    public override List<string>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return [reader.GetString()!];
        var list = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            list.Add(reader.GetString() ?? "");
        return list;
    }

    public override void Write(Utf8JsonWriter writer, List<string> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var item in value)
            writer.WriteStringValue(item);
        writer.WriteEndArray();
    }
}
