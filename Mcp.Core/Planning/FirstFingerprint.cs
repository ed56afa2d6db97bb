using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Mcp.Core.Collections;
using Mcp.Core.Containers;

namespace Mcp.Core.Planning;

/// <summary>The fingerprint as agents wrote it before it had a version: the hash of nine values in a fixed order. Containers that they
/// created still carry it, and are not to be replaced because of that. Frozen: it never changes. It can be deleted once no node has a
/// container whose label `mcp.spec` has no prefix.</summary>
internal static class FirstFingerprint
{
    /// <returns>null when the spec has more than the nine: no container with such a label was created from it.</returns>
    public static string? Of(ContainerSpec spec)
    {
        var known = new ContainerSpec
        {
            Name = spec.Name,
            Image = spec.Image,
            Network = spec.Network,
            User = spec.User,
            RestartPolicy = spec.RestartPolicy,
            Ports = spec.Ports,
            Mounts = spec.Mounts,
            Command = spec.Command,
            Environment = spec.Environment,
        };
        if (spec with { ImageId = null, Labels = ValueMap.Empty } != known)
            return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            Write(json, known);
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan))[..16];
    }

    private static void Write(Utf8JsonWriter json, ContainerSpec spec)
    {
        json.WriteStartArray();
        json.WriteStringValue(spec.Name);
        json.WriteStringValue(spec.Image);
        json.WriteStringValue(spec.Network);
        json.WriteStringValue(spec.User);
        json.WriteStringValue(spec.RestartPolicy);
        json.WriteStartArray();
        foreach (var port in spec.Ports)
        {
            json.WriteStartObject();
            json.WriteString("HostIp", port.HostIp);
            json.WriteNumber("HostPort", port.HostPort);
            json.WriteNumber("ContainerPort", port.ContainerPort);
            json.WriteString("Protocol", port.Protocol);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray();
        foreach (var mount in spec.Mounts)
        {
            json.WriteStartObject();
            json.WriteString("Source", mount.Source);
            json.WriteString("Target", mount.Target);
            json.WriteBoolean("ReadOnly", mount.ReadOnly);
            json.WriteString("Options", mount.Options);
            json.WriteString("OptionText", mount.OptionText);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteList(json, spec.Command);
        WriteList(json, spec.Environment);
        json.WriteEndArray();
    }

    private static void WriteList(Utf8JsonWriter json, ValueList<string> items)
    {
        json.WriteStartArray();
        foreach (var item in items)
            json.WriteStringValue(item);
        json.WriteEndArray();
    }
}
