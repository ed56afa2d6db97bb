using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mcp.Core.Containers;

namespace Mcp.Core.Planning;

/// <summary>The label that tells what a container was created from: specs with the same fingerprint make the same container. It is "2:"
/// and the first 16 hex digits of the SHA-256 of a canonical text. docs/decisions/fingerprint.md has the rules for that text.</summary>
internal static class SpecFingerprint
{
    private const string Form = "2:";

    // The default belongs to the form: when the product gets another one, this one stays.
    private static readonly (string, string) DefaultRestart = ("restart", "unless-stopped");

    public static string Of(ContainerSpec spec) =>
        Form + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalText(spec))))[..16];

    /// <summary>Whether a container with this label was created from such a spec.</summary>
    /// <param name="label">null: it has none.</param>
    public static bool Matches(string? label, ContainerSpec spec) =>
        label is not null && (label == Of(spec) || label == FirstFingerprint.Of(spec));

    /// <summary>JSON with named keys in alphabetical order, without keys that have their default. Not to be shown or logged: it holds the
    /// values of the environment.</summary>
    internal static string CanonicalText(ContainerSpec spec)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            SortedDictionary<string, Action> keys = new(StringComparer.Ordinal)
            {
                ["cmd"] = () => WriteList(json, "cmd", spec.Command),
                ["env"] = () => WriteEnvironment(json, spec.Environment),
                ["image"] = () => json.WriteString("image", spec.Image),
                ["name"] = () => json.WriteString("name", spec.Name),
                ["ports"] = () => WriteList(json, "ports", spec.Ports.Select(p => p.ToString())),
                ["volumes"] = () => WriteList(json, "volumes", spec.Mounts.Select(m => m.ToString())),
            };
            foreach (var (name, value) in spec.Options().Where(option => option != DefaultRestart))
                keys.Add(name, () => json.WriteString(name, value));

            json.WriteStartObject();
            foreach (var write in keys.Values)
                write();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteList(Utf8JsonWriter json, string key, IEnumerable<string> items)
    {
        var started = false;
        foreach (var item in items)
        {
            if (!started)
                json.WriteStartArray(key);
            started = true;
            json.WriteStringValue(item);
        }
        if (started)
            json.WriteEndArray();
    }

    /// <summary>By name: the order says nothing to a process, and of two values for one name the engines give it the last.</summary>
    private static void WriteEnvironment(Utf8JsonWriter json, IReadOnlyList<string> environment)
    {
        if (environment.Count == 0)
            return;
        var values = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var entry in environment)
        {
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            values[equals < 0 ? entry : entry[..equals]] = equals < 0 ? null : entry[(equals + 1)..];
        }
        json.WriteStartObject("env");
        foreach (var (name, value) in values)
            json.WriteString(name, value);
        json.WriteEndObject();
    }
}
