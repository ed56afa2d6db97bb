using System.Globalization;
using System.Text.Json;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;

namespace Mcp.Core.Images.Building;

/// <summary>Builds and pushes with the podman or docker program of this workstation. Safe for several builds at once.</summary>
public sealed class EngineImageBuilder(ContainerEngineCommand engine, TimeProvider time) : IImageBuilder
{
    private readonly EngineProcess _process = new(engine);

    public async Task<ImageBuildResult> BuildAsync(
        ImageBuildRequest request, IProgress<ImageOutput>? output, CancellationToken cancellationToken)
    {
        Check(request);
        var started = time.GetTimestamp();
        var labels = await LabelsAsync(request, cancellationToken);
        var reader = new BuildOutputReader(DockerfileStage.Read(await File.ReadAllTextAsync(request.Dockerfile, cancellationToken)));
        using var folder = new ScratchFolder();
        var idFile = folder.File("image-id");
        var exitCode = await _process.RunAsync(
            BuildArguments(request, labels, idFile), line => Report(output, reader.Read(line)), hasSteps: true, cancellationToken);
        if (exitCode != 0)
            throw BuildFaults.Describe(engine, request, reader, exitCode);

        var id = Normalise((await File.ReadAllTextAsync(idFile, cancellationToken)).Trim());
        // Named only now: a build that fails or is cancelled has touched no tag.
        foreach (var name in (ImageReference[])[request.Image, .. request.MoreTags])
            await MustAsync(["tag", id, name.ToString()], cancellationToken);
        var image = await FindAsync(id, cancellationToken)
            ?? throw new ImageBuildException(
                ImageBuildError.EngineFailed, $"{engine.Name} has built {request.Image} ({id}) and does not have it",
                "look whether something prunes images, then build again");
        return new()
        {
            Image = request.Image.ToString(),
            ImageId = image.Id,
            Size = image.Size,
            Layers = image.Layers.Count,
            LayersReused = Math.Max(0, image.Layers.Count - reader.LayersMade()),
            Duration = time.GetElapsedTime(started),
            Engine = engine.Name,
        };
    }

    public async Task<string> PushAsync(
        ImageReference image, ImageRegistryTransport transport, IProgress<ImageOutput>? output, CancellationToken cancellationToken)
    {
        if (await FindAsync(image, cancellationToken) is null)
            throw new ImageBuildException(ImageBuildError.ImageMissing, $"{engine.Name} has no image {image} to push", "build it first");
        using var folder = new ScratchFolder();
        var digestFile = folder.File("digest");
        var lines = new PushOutputReader();
        var exitCode = await _process.RunAsync(
            PushArguments(image, transport, digestFile, folder), line => Report(output, new(lines.Read(line))), hasSteps: false,
            cancellationToken);
        if (exitCode != 0)
            throw PushFaults.Describe(engine, image, lines.Tail);
        var digest = File.Exists(digestFile) ? (await File.ReadAllTextAsync(digestFile, cancellationToken)).Trim() : lines.Digest;
        return !string.IsNullOrEmpty(digest) ? digest : throw new ImageBuildException(
            ImageBuildError.EngineFailed, $"{engine.Name} pushed {image} and did not say under which digest",
            $"check with '{engine.Name} push {image}'");
    }

    public Task<LocalImage?> FindAsync(ImageReference image, CancellationToken cancellationToken) =>
        FindAsync(image.ToString(), cancellationToken);

    public Task<ImageExport> ExportAsync(LocalImage image, IReadOnlyCollection<string> layers, CancellationToken cancellationToken) =>
        new EngineImageExport(engine).ReadAsync(image, layers, cancellationToken);

    internal static bool IsMissing(IEnumerable<string> words) => words.Any(
        l =>
            l.Contains("no such image", StringComparison.OrdinalIgnoreCase)
                || l.Contains("image not known", StringComparison.OrdinalIgnoreCase)
                || l.Contains("failed to find image", StringComparison.OrdinalIgnoreCase)
                || l.Contains("failed to get digest", StringComparison.OrdinalIgnoreCase));

    private static void Check(ImageBuildRequest request)
    {
        if (!Directory.Exists(request.Context))
            throw new ImageBuildException(
                ImageBuildError.ContextMissing, $"{request.Image} can't be built: folder {request.Context} does not exist",
                "check 'path' in the definition and 'workspace' under [build] in the workstation's config (MCP_BUILD_WORKSPACE)");
        if (!File.Exists(request.Dockerfile))
            throw new ImageBuildException(
                ImageBuildError.DockerfileMissing, $"{request.Image} can't be built: Dockerfile {request.Dockerfile} does not exist",
                "correct its path under [build.images] in the definition; it is relative to the service's source folder");
    }

    private async Task<ValueMap> LabelsAsync(ImageBuildRequest request, CancellationToken cancellationToken)
    {
        var source = await SourceRevision.ReadAsync(request.Context, cancellationToken);
        var labels = new Dictionary<string, string>
        {
            ["org.opencontainers.image.version"] = request.Image.Version,
            ["org.opencontainers.image.created"] = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };
        if (source.Revision is not null)
            labels["org.opencontainers.image.revision"] = source.Revision;
        if (source.Source is not null)
            labels["org.opencontainers.image.source"] = source.Source;
        foreach (var (name, value) in request.Labels)
            labels[name] = value;
        return new(labels);
    }

    private IEnumerable<string> BuildArguments(ImageBuildRequest request, ValueMap labels, string idFile)
    {
        yield return "build";
        yield return "--force-rm";
        // Podman's default, the OCI format, has no place for HEALTHCHECK, ONBUILD and SHELL: podman would leave them out.
        if (engine.IsPodman)
            yield return "--format=docker";
        foreach (var option in (string[])["--file", request.Dockerfile, "--iidfile", idFile])
            yield return option;
        if (request.NoCache)
            yield return "--no-cache";
        if (request.Platform is not null)
            yield return "--platform=" + request.Platform;
        var arguments = new ValueMap([new("VERSION", request.Image.Version), .. request.Arguments]);
        foreach (var (name, value) in arguments)
            yield return $"--build-arg={name}={value}";
        foreach (var (name, value) in labels)
            yield return $"--label={name}={value}";
        yield return request.Context;
    }

    private IEnumerable<string> PushArguments(
        ImageReference image, ImageRegistryTransport transport, string digestFile, ScratchFolder folder)
    {
        yield return "push";
        if (engine.IsPodman)
        {
            yield return "--digestfile=" + digestFile;
            if (transport.PlainHttp || transport.Insecure)
                yield return "--tls-verify=false";
            if (transport.CaFile is { } authority)
            {
                File.Copy(authority, folder.File("ca.crt"));
                yield return "--cert-dir=" + folder.Path;
            }
        }
        yield return image.ToString();
    }

    private async Task<LocalImage?> FindAsync(string name, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        var words = new PushOutputReader();
        var exitCode = await _process.PipeAsync(
            ["image", "inspect", name], (stdout, token) => stdout.CopyToAsync(output, token), line => words.Read(line), cancellationToken);
        if (exitCode != 0)
            return IsMissing(words.Tail) ? null : throw BuildFaults.Engine(engine, $"look-up of {name}", exitCode, words.Tail);
        using var document = JsonDocument.Parse(output.ToArray());
        var image = document.RootElement[0];
        var layers = image.GetProperty("RootFS").TryGetProperty("Layers", out var found) && found.ValueKind == JsonValueKind.Array
            ? found.EnumerateArray().Select(l => l.GetString()!).ToValueList()
            : [];
        var id = Normalise(image.GetProperty("Id").GetString()!);
        return new(id, image.GetProperty("Size").GetInt64(), layers) { ConfigFile = engine.IsPodman ? ConfigFile(image, id) : null };
    }

    /// <summary>STORAGE/overlay/LAYER/diff is the image's topmost layer, and STORAGE/overlay-images/IMAGE has its configuration.</summary>
    private static string? ConfigFile(JsonElement image, string id)
    {
        if (!image.TryGetProperty("GraphDriver", out var driver) || !driver.TryGetProperty("Data", out var data)
            || data.ValueKind != JsonValueKind.Object || !data.TryGetProperty("UpperDir", out var layer)
            || Path.GetDirectoryName(Path.GetDirectoryName(layer.GetString())) is not { } layers)
            return null;
        var name = "=" + Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(id));
        return Path.Combine(layers + "-images", id["sha256:".Length..], name);
    }

    private async Task MustAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var words = new PushOutputReader();
        var exitCode = await _process.RunAsync(arguments, line => words.Read(line), hasSteps: false, cancellationToken);
        if (exitCode != 0)
            throw BuildFaults.Engine(engine, string.Join(' ', arguments), exitCode, words.Tail);
    }

    private static void Report(IProgress<ImageOutput>? output, ImageOutput line)
    {
        if (line.Text.Length > 0)
            output?.Report(line);
    }

    // docker writes "sha256:...", podman the bare number in some places.
    private static string Normalise(string id) => id.StartsWith("sha256:", StringComparison.Ordinal) ? id : "sha256:" + id;
}
