using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Mcp.Core.Collections;
using Mcp.Core.Planning;

namespace Mcp.Agent.Registry;

/// <summary>A plan's step as the journal keeps it: whole, but for <see cref="PlanStep.Spec"/> and <see cref="PlanStep.Health"/>, which may
/// hold secrets and which neither rolling back nor finishing needs.</summary>
internal static class StepJson
{
    private static readonly PlanStep Blank = new() { Index = 0, Action = StepAction.Pull, Description = "" };

    public static string Write(PlanStep step) => JsonSerializer.Serialize(step, StepJsonContext.Default.PlanStep);

    /// <exception cref="AgentException">It is not a step.</exception>
    public static PlanStep Read(string operation, string text)
    {
        try
        {
            // Generated code sets properties that the text lacks to null: it has to lack none.
            var complete = JsonSerializer.SerializeToNode(Blank, StepJsonContext.Default.PlanStep)!.AsObject();
            foreach (var (name, value) in JsonNode.Parse(text)!.AsObject())
                complete[name] = value?.DeepClone();
            return complete.Deserialize(StepJsonContext.Default.PlanStep)!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new AgentException(
                AgentError.RegistryCorrupt, $"a step of operation {operation} in the journal can't be read: {e.Message}",
                "install the version of mcp-agent that wrote it, and start that once", e);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true, IncludeFields = true,
    Converters = [typeof(ValueListConverter<int>), typeof(ValueListConverter<ServiceRoute>)])]
[JsonSerializable(typeof(PlanStep))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(ServiceRoute[]))]
internal sealed partial class StepJsonContext : JsonSerializerContext;

internal sealed class ValueListConverter<T> : JsonConverter<ValueList<T>>
{
    public override ValueList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ((T[]?)JsonSerializer.Deserialize(ref reader, options.GetTypeInfo(typeof(T[]))) ?? []).ToValueList();

    public override void Write(Utf8JsonWriter writer, ValueList<T> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.ToArray(), options.GetTypeInfo(typeof(T[])));
}
