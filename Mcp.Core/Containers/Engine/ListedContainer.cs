using System.Security.Cryptography;
using System.Text.Json;

namespace Mcp.Core.Containers.Engine;

/// <summary>One row of an engine's list of containers.</summary>
/// <param name="Print">Hash of the whole row. The same row again, whatever is in it, means that nothing of it has changed.</param>
/// <param name="HasTimes">It has times of start and end in seconds (podman). docker has them as words: "Up 2 hours".</param>
internal readonly record struct ListedContainer(string Id, string Name, string State, bool HasTimes, UInt128 Print)
{
    /// <exception cref="JsonException">This is no list of containers.</exception>
    public static List<ListedContainer> ReadAll(ReadOnlySpan<byte> body)
    {
        var rows = new List<ListedContainer>();
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("not an array");
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var start = (int)reader.TokenStartIndex;
            var row = JsonSerializer.Deserialize(ref reader, EngineJson.Default.ListedContainerDto)!;
            rows.Add(new(row.Id, row.Names is [var name, ..] ? name.TrimStart('/') : "", row.State?.ToLowerInvariant() ?? "",
                row.StartedAt is not null, Hash(body[start..(int)reader.BytesConsumed])));
        }
        return rows;
    }

    private static UInt128 Hash(ReadOnlySpan<byte> row)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(row, hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
