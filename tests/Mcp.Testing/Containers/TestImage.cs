using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mcp.Testing.Containers;

/// <summary>An image with layers of any bytes, for the <see cref="FakeContainerRuntime"/>; archives of it are like those of `docker
/// save`.</summary>
/// <param name="Config">Its SHA-256 is the image's id.</param>
/// <param name="Layers">Bottom first.</param>
public sealed record TestImage(byte[] Config, IReadOnlyList<byte[]> Layers)
{
    public string Id => Digest(Config);

    public IReadOnlyList<string> DiffIds { get; init; } = [.. Layers.Select(Digest)];

    public static TestImage Of(params string[] layers) => Of([.. layers.Select(Encoding.UTF8.GetBytes)]);

    public static TestImage Of(params byte[][] layers)
    {
        var digests = new JsonArray([.. layers.Select(l => JsonValue.Create(Digest(l)))]);
        var config = new JsonObject { ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = digests } };
        return new(Encoding.UTF8.GetBytes(config.ToJsonString()), layers);
    }

    public static string Digest(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    /// <param name="with">Which layers it has, by their positions; the files of the others are empty. null: all.</param>
    public byte[] Archive(string reference, Func<int, bool>? with = null)
    {
        using var whole = new MemoryStream();
        using (var archive = new TarWriter(whole, leaveOpen: true))
        {
            var files = DiffIds.Select(d => $"{d[7..]}.tar").ToList();
            Add(archive, $"{Id[7..]}.json", Config);
            for (var i = 0; i < files.Count; i++)
                Add(archive, files[i], with is null || with(i) ? Layers[i] : []);
            Add(archive, "manifest.json", Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
                new[] { new { Config = $"{Id[7..]}.json", RepoTags = new[] { reference }, Layers = files } })));
        }
        return whole.ToArray();
    }

    private static void Add(TarWriter archive, string name, byte[] content) =>
        archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });

    /// <summary>As an engine reads an archive: layers that it has are not looked at, and the others must have their digests.</summary>
    /// <returns>null when the archive is not whole or not right.</returns>
    public static (string Reference, TestImage Image)? Read(Stream archive, Func<IReadOnlyList<string>, bool> has)
    {
        try
        {
            var files = new Dictionary<string, byte[]>();
            using var reader = new TarReader(archive);
            while (reader.GetNextEntry(copyData: true) is { } entry)
                files[entry.Name] = entry.DataStream is MemoryStream content ? content.ToArray() : [];
            using var manifest = JsonDocument.Parse(files["manifest.json"]);
            var about = manifest.RootElement[0];
            var config = files[about.GetProperty(nameof(Config)).GetString()!];
            var layers = about.GetProperty(nameof(Layers)).EnumerateArray().Select(l => files[l.GetString()!]).ToList();
            using var described = JsonDocument.Parse(config);
            var digests = described.RootElement.GetProperty("rootfs").GetProperty("diff_ids").EnumerateArray().Select(d => d.GetString()!)
                .ToList();
            for (var i = 0; i < digests.Count; i++)
                if (!has(digests[..(i + 1)]) && Digest(layers[i]) != digests[i])
                    return null;
            return (about.GetProperty("RepoTags")[0].GetString()!, new(config, layers) { DiffIds = digests });
        }
        catch (Exception e) when (e is IOException or InvalidDataException or FormatException or KeyNotFoundException or JsonException)
        {
            return null;
        }
    }
}
