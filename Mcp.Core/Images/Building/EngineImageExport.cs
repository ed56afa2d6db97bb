using System.Formats.Tar;
using System.Security.Cryptography;
using Mcp.Core.Images.Transfer;

namespace Mcp.Core.Images.Building;

/// <summary>
/// Takes layers out of the engine. podman is made to write no others: `podman save` leaves out of an OCI layout what has a file there, so
/// the others get empty files. Where that does not work (docker, podman on another machine), the whole archive is read and what nobody
/// asked for is dropped.
/// </summary>
internal sealed class EngineImageExport(ContainerEngineCommand engine)
{
    private const int MaxConfigSize = 4 * 1024 * 1024;
    private const int BufferSize = 256 * 1024;

    public async Task<ImageExport> ReadAsync(LocalImage image, IReadOnlyCollection<string> layers, CancellationToken cancellationToken)
    {
        var scratch = new ScratchFolder(Parent());
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(ImageExport.File(scratch, image.Id))!);
            var config = await ReadStorageAsync(image, layers, scratch, cancellationToken)
                ?? await ReadArchiveAsync(image, layers, scratch, cancellationToken);
            return new(scratch, config);
        }
        catch (Exception e)
        {
            scratch.Dispose();
            if (e is not (IOException or UnauthorizedAccessException))
                throw;
            throw new ImageBuildException(
                ImageBuildError.DiskFull, $"layers of {image.Id} can't be written to {scratch.Path}: {e.Message}",
                "free disk space there, or set TMPDIR to a folder with more room", e);
        }
    }

    /// <returns>The configuration; null when podman did not give all that was asked for.</returns>
    private async Task<byte[]?> ReadStorageAsync(
        LocalImage image, IReadOnlyCollection<string> layers, ScratchFolder scratch, CancellationToken cancellationToken)
    {
        // An OCI layout has docker's configurations only in a converted form, with another id and without HEALTHCHECK.
        if (!engine.IsPodman || await ReadConfigAsync(image, cancellationToken) is not { } config)
            return null;
        if (layers.Count == 0)
            return config;
        foreach (var other in image.Layers.Except(layers))
            await File.WriteAllBytesAsync(ImageExport.File(scratch, other), [], cancellationToken);
        var exitCode = await Process(scratch).RunAsync(
            ["save", "--quiet", "--format=oci-dir", "--uncompressed", "--output", scratch.Path, image.Id], _ => { }, hasSteps: false,
            cancellationToken);
        return exitCode == 0 && layers.All(l => File.Exists(ImageExport.File(scratch, l))) ? config : null;
    }

    private static async Task<byte[]?> ReadConfigAsync(LocalImage image, CancellationToken cancellationToken)
    {
        try
        {
            if (image.ConfigFile is not { } file || new FileInfo(file).Length > MaxConfigSize)
                return null;
            var config = await File.ReadAllBytesAsync(file, cancellationToken);
            return LayerDigest.Of(SHA256.HashData(config)) == image.Id ? config : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Files are told apart by their digests: every engine names them in its own way.</summary>
    private async Task<byte[]> ReadArchiveAsync(
        LocalImage image, IReadOnlyCollection<string> layers, ScratchFolder scratch, CancellationToken cancellationToken)
    {
        var wanted = layers.Append(image.Id).ToHashSet();
        var words = new PushOutputReader();
        var exitCode = await Process(scratch).PipeAsync(
            ["save", image.Id], (archive, token) => UnpackAsync(archive, wanted, scratch, token), line => words.Read(line),
            cancellationToken);
        if (exitCode != 0)
            throw EngineImageBuilder.IsMissing(words.Tail)
                ? Missing(engine, image.Id)
                : BuildFaults.Engine(engine, $"save of {image.Id}", exitCode, words.Tail);
        if (wanted.FirstOrDefault(d => !File.Exists(ImageExport.File(scratch, d))) is { } absent)
            throw new ImageBuildException(
                ImageBuildError.EngineFailed, $"the archive that '{engine.Name} save {image.Id}' writes does not contain {absent}",
                "push the image to an image registry instead; if its id is not in its archive, the engine stores images in another form");
        return await File.ReadAllBytesAsync(ImageExport.File(scratch, image.Id), cancellationToken);
    }

    public static ImageBuildException Missing(ContainerEngineCommand engine, string image) =>
        new(ImageBuildError.ImageMissing, $"{engine.Name} has no image {image}", "build it first");

    private static async Task UnpackAsync(
        Stream archive, HashSet<string> wanted, ScratchFolder scratch, CancellationToken cancellationToken)
    {
        try
        {
            await using var reader = new TarReader(archive, leaveOpen: true);
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
                if (entry.DataStream is { } content)
                    await KeepIfWantedAsync(content, wanted, scratch, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            // The engine failed in the middle, and its exit code and output say why.
        }
        // An engine that can't write its last bytes reports a failure.
        await archive.CopyToAsync(Stream.Null, cancellationToken);
    }

    private static async Task KeepIfWantedAsync(
        Stream content, HashSet<string> wanted, ScratchFolder scratch, CancellationToken cancellationToken)
    {
        var file = scratch.File("entry");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var kept = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 1))
        {
            var buffer = new byte[BufferSize];
            while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                hash.AppendData(buffer, 0, count);
                await kept.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }
        }
        var digest = LayerDigest.Of(hash.GetHashAndReset());
        if (wanted.Contains(digest))
            File.Move(file, ImageExport.File(scratch, digest), overwrite: true);
    }

    /// <summary>podman keeps temporary files, and leaves them behind when it is interrupted.</summary>
    private EngineProcess Process(ScratchFolder scratch) => new(
        engine.IsPodman
            ? engine with { Environment = new Dictionary<string, string>(engine.Environment) { ["TMPDIR"] = scratch.Path } }
            : engine);

    /// <summary>Where podman would put large files by itself: /tmp is often in memory. null: the system's folder.</summary>
    private string? Parent()
    {
        const string Large = "/var/tmp";
        return engine.Environment.GetValueOrDefault("TMPDIR") ?? Environment.GetEnvironmentVariable("TMPDIR")
            ?? (Directory.Exists(Large) ? Large : null);
    }
}
