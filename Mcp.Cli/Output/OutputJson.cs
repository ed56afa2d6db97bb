using System.Text.Json;
using System.Text.Json.Serialization;
using Mcp.Core;
using Mcp.Core.Client.Sync;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Status;

namespace Mcp.Cli.Output;

/// <summary>The records that --json writes. Their JSON code is generated, because a program that is compiled ahead of time has no
/// reflection to make it from.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters =
    [
        typeof(SecondsConverter),
        typeof(KebabCaseConverter<DesiredState>), typeof(KebabCaseConverter<ObservedState>),
        typeof(KebabCaseConverter<ComponentKind>), typeof(KebabCaseConverter<DeployStrategy>), typeof(KebabCaseConverter<RouteMode>),
        typeof(KebabCaseConverter<OperationKind>), typeof(KebabCaseConverter<OperationOutcome>), typeof(KebabCaseConverter<StepState>),
        typeof(KebabCaseConverter<ComponentChange>),
        typeof(KebabCaseConverter<ReleaseOutcome>), typeof(KebabCaseConverter<SyncOutcome>),
        typeof(KebabCaseConverter<ImageAction>), typeof(KebabCaseConverter<ImagePhase>),
    ])]
[JsonSerializable(typeof(AuditCheck))]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(ComponentStatus))]
[JsonSerializable(typeof(EventEntry))]
[JsonSerializable(typeof(ImagePrinted))]
[JsonSerializable(typeof(ImageProgressed))]
[JsonSerializable(typeof(ImageResult))]
[JsonSerializable(typeof(ImagesPlanned))]
[JsonSerializable(typeof(ImageReady))]
[JsonSerializable(typeof(ImageWarned))]
[JsonSerializable(typeof(LogEntry))]
[JsonSerializable(typeof(NodeStatus))]
[JsonSerializable(typeof(OperationEnded))]
[JsonSerializable(typeof(OperationPlanned))]
[JsonSerializable(typeof(OperationWaiting))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Release))]
[JsonSerializable(typeof(RouteStatus))]
[JsonSerializable(typeof(ServiceStatus))]
[JsonSerializable(typeof(SettingLine))]
[JsonSerializable(typeof(StepProgressed))]
[JsonSerializable(typeof(SyncResult))]
internal sealed partial class OutputJson : JsonSerializerContext;

internal sealed class KebabCaseConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower)
    where T : struct, Enum;

internal sealed class SecondsConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TimeSpan.FromSeconds(reader.GetDouble());

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(Math.Round(value.TotalSeconds, 3));
}
