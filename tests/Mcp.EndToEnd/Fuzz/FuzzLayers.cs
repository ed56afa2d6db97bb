using System.Formats.Tar;
using System.Security.Cryptography;
using Google.Protobuf;
using Mcp.V1;

namespace Mcp.EndToEnd.Fuzz;

/// <summary>Layers that are changed tar archives, and images made of them.</summary>
internal static class FuzzLayers
{
    public const string Image = "localhost/fuzz-layer:v1";

    /// <returns>What is wrong with how the agent took it; null: nothing.</returns>
    public static async Task<string?> FaultAsync(FuzzAgent agent, Random random)
    {
        var layer = Mutator.Mutate(Tar(), random);
        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(layer));
        byte[] config = [.. System.Text.Encoding.UTF8.GetBytes(
            $$$"""{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["{{{digest}}}"]}}""")];
        if (random.Next(3) == 0)
            config = Mutator.Mutate(config, random);
        List<byte[]> parts = [new SendLayerRequest { Header = new() { Layer = digest, Size = layer.Length } }.ToByteArray()];
        foreach (var chunk in layer.Chunk(1 << 20))
            parts.Add(new SendLayerRequest { Chunk = ByteString.CopyFrom(chunk) }.ToByteArray());
        FuzzCall send = new("/mcp.v1.NodeAgent/SendLayer", "operator", parts);
        FuzzCall add = new(
            "/mcp.v1.NodeAgent/AddImage", "operator",
            [new AddImageRequest { Image = Image, Config = ByteString.CopyFrom(config) }.ToByteArray()]);
        return await agent.FaultAsync(send) is { } sent ? $"{sent}: {send}"
            : await agent.FaultAsync(add) is { } added ? $"{added}: {add} after {send}" : null;
    }

    private static byte[] Tar()
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "etc/"));
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "etc/motd") { DataStream = new MemoryStream([.. "hello"u8]) });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "etc/link") { LinkName = "/etc/passwd" });
        }
        return stream.ToArray();
    }
}
