using Mcp.Core.Containers;
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
