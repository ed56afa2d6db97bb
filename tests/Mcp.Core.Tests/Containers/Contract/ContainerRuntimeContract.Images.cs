using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;
using Mcp.Core.Containers;
using Mcp.Testing.Containers;
using Mcp.Testing.Engines;

namespace Mcp.Core.Tests.Containers.Contract;

/// <summary>Images that come as archives, their names, and containers of exactly one image.</summary>
public abstract partial class ContainerRuntimeContract
{
    [EngineFact]
    public async Task TagImage_ByReferenceOrId_IsTheSameImageUnderTheNewName()
    {
        var image = (await Runtime.InspectImageAsync(fixture.Image, default))!;
        var (first, second) = ($"localhost/{Name("tagged")}:v1", $"registry.test:5000/team/{Name("tagged")}:v2");

        await Runtime.TagImageAsync(fixture.Image, first, default);
        await Runtime.TagImageAsync(image.Id, second, default);

        Assert.Equal(image.Id, (await Runtime.InspectImageAsync(first, default))?.Id);
        Assert.Equal(image.Id, (await Runtime.InspectImageAsync(second, default))?.Id);
        await FailsAsync(EngineError.ImageNotFound, () => Runtime.TagImageAsync("localhost/not-there:v1", first, default));
    }

    [EngineFact]
    public async Task RemoveImage_OneOfItsNames_LeavesTheImage()
    {
        var image = (await Runtime.InspectImageAsync(fixture.Image, default))!;
        var reference = $"localhost/{Name("spare")}:v1";
        await Runtime.TagImageAsync(image.Id, reference, default);

        Assert.True(await Runtime.RemoveImageAsync(reference, default));

        Assert.Null(await Runtime.InspectImageAsync(reference, default));
        Assert.Equal(image.Id, (await Runtime.InspectImageAsync(fixture.Image, default))?.Id);
        Assert.False(await Runtime.RemoveImageAsync(reference, default));
    }

    [EngineFact]
    public async Task ListImages_Always_HasTheIdOnceWithLayersToBeInspected()
    {
        var image = (await Runtime.InspectImageAsync(fixture.Image, default))!;

        Assert.Single(await Runtime.ListImagesAsync(default), id => id == image.Id);
        Assert.NotEmpty(image.Layers);
        Assert.All(image.Layers, layer => Assert.StartsWith("sha256:", layer, StringComparison.Ordinal));
    }

    [EngineFact]
    public async Task LoadImage_Archive_BringsTheSameImageUnderItsName()
    {
        var (name, archive) = await SavedAsync("loaded");
        var id = (await Runtime.InspectImageAsync(fixture.Image, default))!.Id;

        var loaded = await Runtime.LoadImageAsync(new MemoryStream(archive), default);

        Assert.Contains(name, loaded);
        Assert.Equal(id, (await Runtime.InspectImageAsync(name, default))?.Id);
    }

    [EngineFact]
    public async Task LoadImage_ArchiveThatEndsEarly_IsBadArchiveAndBringsNothing()
    {
        var (name, archive) = await SavedAsync("short");

        foreach (var length in (int[])[archive.Length / 2, archive.Length / 8, 10, 0])
            await FailsAsync(EngineError.BadArchive, () => Runtime.LoadImageAsync(new MemoryStream(archive[..length]), default));

        Assert.Null(await Runtime.InspectImageAsync(name, default));
    }

    [EngineFact]
    public async Task LoadImage_SourceThatBreaks_ThrowsItsErrorAndBringsNothing()
    {
        var (name, archive) = await SavedAsync("broken");

        await Assert.ThrowsAsync<InvalidDataException>(
            () => Runtime.LoadImageAsync(new BreakingStream(archive, archive.Length * 3 / 4), default));

        Assert.Null(await Runtime.InspectImageAsync(name, default));
    }

    [EngineFact]
    public async Task LoadImage_NoArchive_IsBadArchive() =>
        await FailsAsync(EngineError.BadArchive, () => Runtime.LoadImageAsync(new MemoryStream(new byte[200_000]), default));

    [EngineFact]
    public async Task LoadImage_WithoutTheLayersThatAreThere_BringsTheImage()
    {
        var (name, image) = await ExtendedAsync("extended");
        var id = (await Runtime.InspectImageAsync(fixture.Image, default))!.Id;

        await Runtime.LoadImageAsync(new MemoryStream(image.Archive(name, layer => layer == image.Layers.Count - 1)), default);

        var loaded = (await Runtime.InspectImageAsync(name, default))!;
        Assert.Equal(image.Id, loaded.Id);
        Assert.Equal(image.DiffIds, loaded.Layers);
        Assert.Equal(id, (await Runtime.InspectImageAsync(fixture.Image, default))!.Id);
    }

    [EngineFact]
    public async Task LoadImage_WithoutALayerThatIsNotThere_IsBadArchiveAndBringsNothing()
    {
        var (name, image) = await ExtendedAsync("holed");

        await FailsAsync(
            EngineError.BadArchive,
            () => Runtime.LoadImageAsync(new MemoryStream(image.Archive(name, layer => layer != image.Layers.Count - 1)), default));

        Assert.Null(await Runtime.InspectImageAsync(name, default));
        Assert.Null(await Runtime.InspectImageAsync(image.Id, default));
    }

    [EngineFact]
    public async Task Create_ByImageId_IsThatImageWhateverTheReferenceMeans()
    {
        var id = (await Runtime.InspectImageAsync(fixture.Image, default))!.Id;

        var container =
            await Runtime.RunAsync(Spec("pinned", Serve) with { Image = "registry.test:5000/team/elsewhere:v1", ImageId = id }, default);

        Assert.Equal(id, (await Runtime.InspectAsync(container, default))!.ImageId);
        await FailsAsync(
            EngineError.ImageNotFound,
            () => Runtime.CreateAsync(Spec("gone", Serve) with { ImageId = "sha256:" + new string('0', 64) }, default));
    }

    /// <summary>The fixture's image with another layer on top, in which there is a file named as the image.</summary>
    protected async Task<(string Name, TestImage Image)> ExtendedAsync(string name)
    {
        var layer = new MemoryStream();
        await using (var files = new TarWriter(layer, leaveOpen: true))
            await files.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, Name(name)) { DataStream = new MemoryStream([1, 2, 3]) });
        var archive = TestImage.Read(new MemoryStream(await fixture.SaveAsync(fixture.Image)), _ => true)!.Value.Image;
        var config = JsonNode.Parse(archive.Config)!;
        config["rootfs"]!["diff_ids"]!.AsArray().Add(TestImage.Digest(layer.ToArray()));
        config["history"]?.AsArray().Add(new JsonObject { ["created_by"] = "test" });
        var all = new TestImage(Encoding.UTF8.GetBytes(config.ToJsonString()), [.. archive.Layers, layer.ToArray()]);
        return ($"localhost/{Name(name)}:v1", all with { DiffIds = [.. archive.DiffIds, TestImage.Digest(layer.ToArray())] });
    }

    private async Task<(string Name, byte[] Archive)> SavedAsync(string name)
    {
        var reference = $"localhost/{Name(name)}:v1";
        await Runtime.TagImageAsync(fixture.Image, reference, default);
        var archive = await fixture.SaveAsync(reference);
        await fixture.DeleteImageAsync(reference);
        Assert.Null(await Runtime.InspectImageAsync(reference, default));
        return (reference, archive);
    }

    /// <summary>Gives what it has up to a point, and throws there.</summary>
    private sealed class BreakingStream(byte[] content, int at) : MemoryStream(content, 0, at)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var count
                ? count
                : throw new InvalidDataException("the source broke");
    }
}
