using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mcp.Core.Containers.Engine;

/// <summary>The parts of the engines' JSON that are used; everything may be absent, since the engines differ in what they send.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ErrorDto))]
[JsonSerializable(typeof(VersionDto))]
[JsonSerializable(typeof(SystemInfoDto))]
[JsonSerializable(typeof(ImageDto))]
[JsonSerializable(typeof(ProgressDto))]
[JsonSerializable(typeof(CreateDto))]
[JsonSerializable(typeof(CreatedDto))]
[JsonSerializable(typeof(List<ListedDto>))]
[JsonSerializable(typeof(ListedContainerDto))]
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

internal sealed record ImageDto(string? Id, List<string>? RepoTags, List<string>? RepoDigests, long Size, string? Created,
    ImageConfigDto? Config, RootFsDto? RootFS);

internal sealed record RootFsDto(List<string>? Layers);

internal sealed record ImageConfigDto(Dictionary<string, string>? Labels);

internal sealed record ProgressDto(string? Status, string? Id, string? Progress, string? Stream, string? Error);

internal sealed record CreatedDto(string Id);

internal sealed record ListedDto(string Id);

/// <param name="StartedAt">Seconds since 1970; only podman's own list has it.</param>
internal sealed record ListedContainerDto(string Id, List<string>? Names, string? State, long? StartedAt);

internal sealed record EventDto(string? Status, string? Id, string? Action, EventActorDto? Actor, long Time, long TimeNano);

internal sealed record ExecRequestDto(bool AttachStdout, bool AttachStderr, IReadOnlyList<string> Cmd);

internal sealed record ExecStartDto(bool Detach, bool Tty);

internal sealed record ExecDto(bool Running, int? ExitCode);

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
