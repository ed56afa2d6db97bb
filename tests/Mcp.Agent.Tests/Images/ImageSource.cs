using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Images;
using Mcp.Core.Images.Building;
using Mcp.Testing.Containers;

namespace Mcp.Agent.Tests.Images;

/// <summary>A workstation's engine that has one image.</summary>
internal sealed class ImageSource(TestImage image) : IImageBuilder
{
    public LocalImage Local { get; } = new(image.Id, image.Layers.Sum(l => l.Length), image.DiffIds.ToValueList());

    /// <summary>The layers of each export.</summary>
    public List<ValueList<string>> Exports { get; } = [];

    /// <summary>Happens between the question for missing layers and their transfer.</summary>
    public Action OnExport { get; set; } = () => { };

    /// <summary>Given in place of a layer's content.</summary>
    public byte[]? Damaged { get; set; }

    public Task<LocalImage?> FindAsync(ImageReference reference, CancellationToken cancellationToken) =>
        Task.FromResult<LocalImage?>(Local);

    public async Task<ImageExport> ExportAsync(LocalImage local, IReadOnlyCollection<string> layers, CancellationToken cancellationToken)
    {
        Exports.Add(layers.ToValueList());
        OnExport();
        var scratch = new ScratchFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(ImageExport.File(scratch, image.Id))!);
        foreach (var (layer, content) in image.DiffIds.Zip(image.Layers).Where(l => layers.Contains(l.First)))
            await File.WriteAllBytesAsync(ImageExport.File(scratch, layer), Damaged ?? content, cancellationToken);
        return new(scratch, image.Config);
    }

    public Task<ImageBuildResult> BuildAsync(
        ImageBuildRequest request, IProgress<ImageOutput>? output, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<string> PushAsync(
        ImageReference image, ImageRegistryTransport transport, IProgress<ImageOutput>? output, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
