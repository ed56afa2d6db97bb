using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Mcp.Core.Client;
using Mcp.Core.Operations;

namespace Mcp.Cli.Output;

/// <summary>What --json writes: Core's records with the node's name in front. One document for a list, one line per item for a stream.
/// Names are camelCase, states kebab-case, times ISO 8601, durations seconds; nothing is left out, so that a script can count on each
/// name.</summary>
internal static class JsonOutput
{
    internal static readonly JsonSerializerOptions Options =
        new(OutputJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions Indented = new(Options) { WriteIndented = true };

    /// <param name="record">Of a type that <see cref="OutputJson"/> names.</param>
    public static JsonObject Of<T>(string? node, T record)
    {
        var json = JsonSerializer.SerializeToNode(record, (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T)))!.AsObject();
        if (node is not null)
            json.Insert(0, "node", node);
        return json;
    }

    public static JsonObject Of(McpException error) => new() { ["id"] = error.Id, ["message"] = error.Message, ["remedy"] = error.Remedy };

    public static JsonObject Of(string node, OperationUpdate update)
    {
        var (type, json) = update switch
        {
            OperationPlanned planned => ("planned", Of(node, planned)),
            OperationWaiting waiting => ("waiting", Of(node, waiting)),
            StepProgressed step => ("step", Of(node, step)),
            OperationEnded ended => ("ended", Of(node, ended)),
            ImagesPlanned planned => ("images-planned", Of(node, planned)),
            ImageProgressed progressed => ("image", Of(node, progressed)),
            ImagePrinted printed => ("image-output", Of(node, printed)),
            ImageWarned warned => ("image-warning", Of(node, warned)),
            ImageReady ready => ("image-ready", Of(node, ready)),
            _ => throw new ArgumentOutOfRangeException(nameof(update), update.GetType().Name, "unknown kind of update"),
        };
        json.Insert(0, "type", type);
        return json;
    }

    public static void WriteList(TextWriter output, IEnumerable<JsonObject> items) =>
        output.WriteLine(new JsonArray([.. items]).ToJsonString(Indented));

    public static void WriteDocument(TextWriter output, JsonObject item) => output.WriteLine(item.ToJsonString(Indented));

    /// <summary>One line of a stream, flushed: a reader at the other end of a pipe waits for it.</summary>
    public static void WriteLine(TextWriter output, JsonObject item)
    {
        output.WriteLine(item.ToJsonString(Options));
        output.Flush();
    }
}
