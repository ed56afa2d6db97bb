using System.Formats.Tar;
using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Mcp.Core.Containers;

namespace Mcp.Agent.Images;

/// <summary>
/// An image as an archive of `docker save`, with only those layers that have arrived. The others are empty files: podman wants to see a
/// file for each layer, docker need not see any, and neither opens the file of a layer that it has. If an engine does open one, the digest
/// is wrong, and it refuses the whole archive.
/// </summary>
internal static class LayerArchive
{
    private const int Ahead = 1024 * 1024;

    /// <returns>The names and ids that the engine reports.</returns>
    public static async Task<IReadOnlyList<string>> LoadAsync(
        IContainerRuntime runtime, string reference, ImageConfig image, LayerStore layers, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pipe =
            new Pipe(new PipeOptions(pauseWriterThreshold: Ahead, resumeWriterThreshold: Ahead / 2, useSynchronizationContext: false));
        var writing = WriteAsync(pipe.Writer, reference, image, layers, ending.Token);
        try
        {
            await using var archive = pipe.Reader.AsStream();
            return await runtime.LoadImageAsync(archive, cancellationToken);
        }
        finally
        {
            await ending.CancelAsync();
            await writing;
        }
    }

    private static async Task WriteAsync(
        PipeWriter pipe, string reference, ImageConfig image, LayerStore layers, CancellationToken cancellationToken)
    {
        try
        {
            await using (var archive = new TarWriter(pipe.AsStream(leaveOpen: true)))
            {
                var manifest = new JsonArray(new JsonObject
                {
                    ["Config"] = FileOf(image.Id, "json"),
                    ["RepoTags"] = new JsonArray(reference),
                    ["Layers"] = new JsonArray([.. image.Layers.Select(l => JsonValue.Create(FileOf(l, "tar")))]),
                });
                await AddAsync(archive, "manifest.json", System.Text.Encoding.UTF8.GetBytes(manifest.ToJsonString()), cancellationToken);
                await AddAsync(archive, FileOf(image.Id, "json"), image.Content.ToArray(), cancellationToken);
                foreach (var layer in image.Layers.Distinct())
                {
                    await using var content = layers.SizeOf(layer) is null ? Stream.Null : layers.Open(layer);
                    await AddAsync(archive, FileOf(layer, "tar"), content, cancellationToken);
                }
            }
            await pipe.CompleteAsync();
        }
        catch (Exception e)
        {
            // The reader's to throw: to the engine it is an archive that ends early.
            await pipe.CompleteAsync(e);
        }
    }

    private static Task AddAsync(TarWriter archive, string name, byte[] content, CancellationToken cancellationToken) =>
        AddAsync(archive, name, new MemoryStream(content), cancellationToken);

    private static Task AddAsync(TarWriter archive, string name, Stream content, CancellationToken cancellationToken) =>
        archive.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content }, cancellationToken);

    private static string FileOf(string digest, string kind) => $"{LayerStore.HexOf(digest)}.{kind}";
}
