using Mcp.Core.Definitions;
using Mcp.Core.Images;
using Mcp.Core.Images.Building;

namespace Mcp.Core.Tests.Client.Images;

/// <summary>Builds at once, and remembers what it was asked; or waits until it is cancelled.</summary>
internal sealed class FakeImageBuilder : IImageBuilder
{
    public const string Pushed = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

    public List<string> Calls { get; } = [];

    public Exception? Failure { get; init; }

    public bool Hangs { get; init; }

    /// <summary>What a cancelled build has to clean up is clean.</summary>
    public bool CleanedUp { get; private set; }

    public async Task<ImageBuildResult> BuildAsync(
        ImageBuildRequest request, IProgress<ImageOutput>? output, CancellationToken cancellationToken)
    {
        Calls.Add("build " + request.Image);
        output?.Report(new("STEP 1/1: FROM scratch", new(1, 1, 0, "FROM scratch")));
        if (Failure is not null)
            throw Failure;
        if (Hangs)
        {
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                await Task.Yield();
                CleanedUp = true;
            }
        }
        return new() { Image = request.Image.ToString(), ImageId = "sha256:id", Size = 10, Layers = 2, LayersReused = 1,
            Duration = TimeSpan.Zero, Engine = "podman" };
    }

    public Task<string> PushAsync(
        ImageReference image, ImageRegistryTransport transport, IProgress<ImageOutput>? output, CancellationToken cancellationToken)
    {
        Calls.Add("push " + image);
        return Task.FromResult(Pushed);
    }

    public Task<LocalImage?> FindAsync(ImageReference image, CancellationToken cancellationToken) => Task.FromResult<LocalImage?>(null);

    public Task<ImageExport> ExportAsync(LocalImage image, IReadOnlyCollection<string> layers, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
