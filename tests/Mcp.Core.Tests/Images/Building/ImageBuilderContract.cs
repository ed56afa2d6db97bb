using System.Security.Cryptography;
using System.Text.Json;
using Mcp.Core.Collections;
using Mcp.Core.Images.Building;
using Mcp.Core.Images.Transfer;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.Core.Tests.Images.Building;

/// <summary>What building means, whichever engine does it.</summary>
public abstract class ImageBuilderContract(BuilderFixture engine)
{
    private readonly string _name = $"localhost/t{Guid.NewGuid():N}";

    [EngineFact]
    public async Task Build_Success_TagsLabelsAndPassesTheVersion()
    {
        var output = new OutputRecorder();
        var request = engine.Request(
            _name + ":v1.2.3", BuilderFixture.Base + "ARG VERSION=none\nARG COLOUR\nRUN echo version=$VERSION colour=$COLOUR\n") with
        {
            Arguments = new([new("COLOUR", "dark red")]),
            MoreTags = [BuilderFixture.Definitions(_name + ":also")],
        };

        var result = await engine.Builder.BuildAsync(request, output, default);

        Assert.Contains("version=v1.2.3 colour=dark red", output.Texts);
        Assert.Contains(output.Lines, l => l.Step is { } step && step.Text.StartsWith("ARG COLOUR", StringComparison.Ordinal));
        Assert.Equal(_name + ":v1.2.3", result.Image);
        Assert.Matches("^sha256:[0-9a-f]{64}$", result.ImageId);
        Assert.InRange(result.Size, 1_000_000, 10_000_000);
        Assert.InRange(result.Layers, 2, 3);
        Assert.True(result.Duration > TimeSpan.Zero);
        Assert.False(result.Pushed);
        Assert.Equal(result.ImageId, (await engine.Builder.FindAsync(request.Image, default))!.Id);
        Assert.Equal(result.ImageId, (await engine.Builder.FindAsync(request.MoreTags[0], default))!.Id);
        var labels = await LabelsAsync(result.ImageId);
        Assert.Equal("v1.2.3", labels["org.opencontainers.image.version"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", labels["org.opencontainers.image.created"]);
    }

    [EngineFact]
    public async Task Build_Again_ReusesEveryLayerUnlessToldNotTo()
    {
        var request = engine.Request(_name + ":v1", BuilderFixture.Base + $"RUN echo {_name} > /unique\n");
        await engine.Builder.BuildAsync(request, null, default);

        var again = await engine.Builder.BuildAsync(request, null, default);
        var changed = await engine.Builder.BuildAsync(
            engine.Request(_name + ":v2", BuilderFixture.Base + $"RUN echo {_name}2 > /unique\n"), null, default);
        var anew = await engine.Builder.BuildAsync(request with { NoCache = true }, null, default);

        Assert.Equal((3, 3), (again.Layers, again.LayersReused));
        Assert.Equal((3, 2), (changed.Layers, changed.LayersReused));
        Assert.Equal((3, 0), (anew.Layers, anew.LayersReused));
    }

    [EngineFact]
    public async Task Build_Healthcheck_IsInTheImage()
    {
        var built = await engine.Builder.BuildAsync(
            engine.Request(_name + ":v1", BuilderFixture.Base + "HEALTHCHECK CMD [\"/bin/busybox\", \"true\"]\n"), null, default);

        using var document = JsonDocument.Parse(await RunAsync("image", "inspect", built.ImageId));
        var image = document.RootElement[0];
        // Podman has it beside Config, docker inside.
        var check = image.TryGetProperty("Healthcheck", out var beside) ? beside : image.GetProperty("Config").GetProperty("Healthcheck");
        Assert.Equal(["CMD", "/bin/busybox", "true"], check.GetProperty("Test").EnumerateArray().Select(t => t.GetString()));
    }

    [EngineFact]
    public async Task Build_ArgumentThatNothingUses_IsAWarning()
    {
        var output = new OutputRecorder();
        var request = engine.Request(_name + ":v1", BuilderFixture.Base);

        await engine.Builder.BuildAsync(request with { Arguments = new([new("COLOUR", "red")]) }, output, default);

        Assert.Contains("COLOUR", Assert.Single(output.Lines, l => l.Warning is not null).Warning, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Build_StepFails_NamesItWithItsLastLinesAndTagsNothing()
    {
        var request =
            engine.Request(_name + ":v1", BuilderFixture.Base + "RUN echo compiling; echo 'main.c:3: error: nope' >&2; exit 42\n");

        var error = await Assert.ThrowsAsync<ImageBuildException>(() => engine.Builder.BuildAsync(request, null, default));

        Assert.Equal(ImageBuildError.StepFailed, error.Error);
        Assert.Equal(42, error.ExitCode);
        Assert.StartsWith("RUN echo compiling", error.Step!.Text, StringComparison.Ordinal);
        Assert.Contains($"build of {request.Image} failed at step ", error.Message, StringComparison.Ordinal);
        Assert.Contains("with exit code 42", error.Message, StringComparison.Ordinal);
        Assert.Contains("main.c:3: error: nope", error.Message, StringComparison.Ordinal);
        Assert.Contains("compiling", error.Tail);
        Assert.Null(await engine.Builder.FindAsync(request.Image, default));
    }

    [EngineFact]
    public async Task Build_Cancelled_LeavesNoTagAndNothingRunning()
    {
        var mark = $"60{Random.Shared.Next(1000, 9999)}.5";
        var request = engine.Request(_name + ":v1", BuilderFixture.Base + $"RUN echo now-sleeping; /bin/busybox sleep {mark}\n");
        var output = new OutputRecorder("now-sleeping");
        using var cancel = new CancellationTokenSource();

        var build = engine.Builder.BuildAsync(request, output, cancel.Token);
        // The line "STEP ... RUN echo now-sleeping" comes first; the step runs once the process is there.
        await output.Seen;
        await Eventually.TrueAsync(() => Task.FromResult(Running(mark)), TimeSpan.FromSeconds(30), () => "the step does not start");
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build);
        await Eventually.TrueAsync(() => Task.FromResult(!Running(mark)), TimeSpan.FromSeconds(10), () => "the step still runs");
        Assert.Null(await engine.Builder.FindAsync(request.Image, default));
        await AssertNothingLeftAsync();
    }

    [EngineFact]
    public async Task Build_TwoAtOnce_EachGetsItsOwn()
    {
        var requests = Enumerable.Range(1, 2)
            .Select(
                i =>
                    engine.Request(
                        $"{_name}-{i}:v{i}", BuilderFixture.Base + "ARG VERSION\nRUN echo $VERSION > /v; /bin/busybox sleep 0.3\n"))
                            .ToList();

        var results = await Task.WhenAll(requests.Select(r => engine.Builder.BuildAsync(r, null, default)));

        Assert.NotEqual(results[0].ImageId, results[1].ImageId);
        for (var i = 0; i < 2; i++)
            Assert.Equal(requests[i].Image.Version, (await LabelsAsync(requests[i].Image.ToString()))["org.opencontainers.image.version"]);
    }

    [EngineFact]
    public async Task Build_BaseImageOutOfReach_SaysSo()
    {
        var error = await Assert.ThrowsAsync<ImageBuildException>(
            () =>
                engine.Builder.BuildAsync(
                    engine.Request(_name + ":v1", $"FROM 127.0.0.1:{FreePort.Closed}/nothing:v1\nRUN x\n"), null, default));

        Assert.Equal(ImageBuildError.BaseImage, error.Error);
        Assert.Contains("connection refused", error.Message, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Build_DockerfileIsNone_SaysSo()
    {
        var error = await Assert.ThrowsAsync<ImageBuildException>(
            () => engine.Builder.BuildAsync(engine.Request(_name + ":v1", "FORM scratch\n"), null, default));

        Assert.Equal(ImageBuildError.BadDockerfile, error.Error);
        Assert.Contains("failed before its first step with exit code", error.Message, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Export_SomeLayers_GivesThoseAndTheConfiguration()
    {
        var local = await BuiltAsync("ENV A=1\nADD busybox /second\n");
        ValueList<string> wanted = [local.Layers[0], local.Layers[^1]];

        using var export = await engine.Builder.ExportAsync(local, wanted, default);

        Assert.Equal(local.Id, LayerDigest.Of(SHA256.HashData(export.Config)));
        foreach (var layer in wanted)
        {
            await using var content = export.Open(layer);
            Assert.Equal(layer, LayerDigest.Of(await SHA256.HashDataAsync(content)));
        }
        if (engine.Command.IsPodman)
            await using (var other = export.Open(local.Layers[1]))
                Assert.Equal(0, other.Length);
    }

    [EngineFact]
    public async Task Export_NoLayer_GivesTheConfiguration()
    {
        var local = await BuiltAsync("HEALTHCHECK CMD true\n");

        using var export = await engine.Builder.ExportAsync(local, [], default);

        Assert.Equal(local.Id, LayerDigest.Of(SHA256.HashData(export.Config)));
    }

    [EngineFact]
    public async Task Export_ConfigurationNotWhereItShouldBe_ReadsTheWholeArchive()
    {
        var local = await BuiltAsync("ENV A=2\n");

        using var export = await engine.Builder.ExportAsync(local with { ConfigFile = "/etc/hostname" }, [local.Layers[^1]], default);

        Assert.Equal(local.Id, LayerDigest.Of(SHA256.HashData(export.Config)));
        await using var content = export.Open(local.Layers[^1]);
        Assert.Equal(local.Layers[^1], LayerDigest.Of(await SHA256.HashDataAsync(content)));
    }

    [EngineFact]
    public async Task Export_NotThere_SaysSo()
    {
        var absent = "sha256:" + new string('0', 64);

        var error = await Assert.ThrowsAsync<ImageBuildException>(
            () => engine.Builder.ExportAsync(new(absent, 1, [absent]), [absent], default));

        Assert.Equal(ImageBuildError.ImageMissing, error.Error);
    }

    [EngineFact]
    public async Task Export_InterruptedOrDone_LeavesNoTemporaryFile()
    {
        using var spool = new TempFolder();
        var builder = new EngineImageBuilder(
            engine.Command with { Environment = new Dictionary<string, string>(engine.Command.Environment) { ["TMPDIR"] = spool.Path } },
            TimeProvider.System);
        var local = await BuiltAsync("ENV A=3\n");
        using (await builder.ExportAsync(local, local.Layers, default))
            Assert.Single(Directory.EnumerateFileSystemEntries(spool.Path));
        using var stop = new CancellationTokenSource();
        using var watcher = new FileSystemWatcher(spool.Path) { IncludeSubdirectories = true };
        watcher.Created += (_, _) => stop.Cancel();
        watcher.EnableRaisingEvents = true;

        try
        {
            using var export = await builder.ExportAsync(local, local.Layers, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Unless it was faster.
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(spool.Path));
    }

    private async Task<LocalImage> BuiltAsync(string more)
    {
        await engine.Builder.BuildAsync(engine.Request(_name + ":v1", BuilderFixture.Base + more), null, default);
        return (await engine.Builder.FindAsync(BuilderFixture.Definitions(_name + ":v1"), default))!;
    }

    protected Task<string> RunAsync(params string[] arguments) =>
        ChildProcess.RunAsync(engine.Command.File, [.. engine.Command.GlobalArguments, .. arguments], engine.Command.Environment);

    protected abstract Task AssertNothingLeftAsync();

    private static bool Running(string mark) => Directory.EnumerateDirectories("/proc").Any(folder =>
    {
        try
        {
            return File.ReadAllText(folder + "/cmdline").EndsWith($"sleep\0{mark}\0", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    private async Task<Dictionary<string, string>> LabelsAsync(string image)
    {
        using var document = JsonDocument.Parse(await RunAsync("image", "inspect", image));
        return document.RootElement[0].GetProperty("Config").GetProperty("Labels").Deserialize<Dictionary<string, string>>()!;
    }
}

[Trait("Group", "contract")]
public sealed class PodmanImageBuilderTests(PodmanBuilderFixture engine) : ImageBuilderContract(engine), IClassFixture<PodmanBuilderFixture>
{
    // Another test of this class never runs at the same time, so what is left would be this build's.
    protected override async Task AssertNothingLeftAsync() =>
        Assert.Equal("", (await RunAsync("ps", "--all", "--external", "--quiet")).Trim());
}

[Trait("Group", "contract")]
public sealed class DockerImageBuilderTests(DockerBuilderFixture engine) : ImageBuilderContract(engine), IClassFixture<DockerBuilderFixture>
{
    protected override async Task AssertNothingLeftAsync() =>
        await Eventually.TrueAsync(
            async () => (await RunAsync("ps", "--all", "--quiet")).Trim().Length == 0, TimeSpan.FromSeconds(10),
            () => "a container is left");
}
