using System.Net;
using Mcp.Core.Client;
using Mcp.Core.Client.Images;
using Mcp.Core.Client.Sync;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Images.Building;
using Mcp.Core.Operations;
using Mcp.Core.Tests.Client.Workstation;
using Mcp.Core.Tests.Images.Distribution;
using Mcp.Testing;
using Mcp.Testing.Agents;

namespace Mcp.Core.Tests.Client.Images;

public sealed class DeployWithImagesTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly OperationEnded _end = new("op", DateTimeOffset.UnixEpoch, OperationOutcome.Succeeded, "", "", "", [], TimeSpan.Zero);
    private TestAgent _agent = null!;
    private bool _present;

    public async Task InitializeAsync()
    {
        _agent = await TestAgent.StartAsync(script: new() { Updates = [_end] });
        _folder.Write("src/app/Dockerfile", "FROM scratch\n");
        _folder.Write("mcp.toml", "[build]\nworkspace = \"src\"\n");
        Define("app");
    }

    public async Task DisposeAsync()
    {
        await _agent.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Deploy_ImageMissing_BuildsAndPushesBeforeTheNodeIsAsked()
    {
        var builder = new FakeImageBuilder();
        var updates = await DeployAsync(builder);

        Assert.Equal(["build reg.example/app:v1", "push reg.example/app:v1"], builder.Calls);
        Assert.Equal(ImageAction.BuildAndPush, Assert.Single(Assert.IsType<ImagesPlanned>(updates[0]).Images).Action);
        var supplied = Assert.Single(updates.OfType<ImageReady>()).Result;
        Assert.Equal((FakeImageBuilder.Pushed, true, true), (supplied.Digest, supplied.Built, supplied.Pushed));
        Assert.Equal(_end, updates[^1]);
        Assert.All(updates.OfType<ImageUpdate>(), u => Assert.Equal("", u.OperationId));
    }

    [Fact]
    public async Task Deploy_ImageThere_SaysNothingOfImages()
    {
        _present = true;
        var builder = new FakeImageBuilder();
        Assert.Equal([_end], await DeployAsync(builder));
        Assert.Empty(builder.Calls);
    }

    [Fact]
    public async Task Deploy_DefinitionHasAKeyWithoutEffect_WarnsOfIt()
    {
        _present = true;
        var file = Path.Combine(_folder.Path, "services", "app.toml");
        File.WriteAllText(file, File.ReadAllText(file) + "[snapshot]\nmethod = \"grpc\"\n");

        var updates = await DeployAsync(new FakeImageBuilder());

        Assert.Contains(
            "'snapshot' in the file has no effect", Assert.Single(Assert.IsType<ImagesPlanned>(updates[0]).Warnings),
            StringComparison.Ordinal);
        Assert.Equal(_end, updates[^1]);
    }

    [Fact]
    public async Task Plan_ImageMissing_ShowsTheBuildAndBuildsNothing()
    {
        var builder = new FakeImageBuilder();
        var preview = await PlanAsync(builder);

        Assert.Empty(builder.Calls);
        Assert.Equal(["Plan app"], _agent.Script.Calls);
        Assert.Equal(["reg.example/app:v1"], Assert.Single(_agent.Script.Deploys).ToBePushed);
        var image = Assert.Single(preview.Images.Images);
        Assert.Equal(
            ("reg.example/app:v1", ImageAction.BuildAndPush, "not in the image registry"), (image.Image, image.Action, image.Reason));
        // The node sees no difference yet; that an image is to be built is one.
        Assert.Empty(preview.Plan.Steps);
        Assert.True(preview.HasChanges);
    }

    [Fact]
    public async Task Plan_ImageThere_AsksTheNodeAboutExactlyThatImage()
    {
        _present = true;
        _agent.Script.Planned = new(
            "", DateTimeOffset.UnixEpoch, OperationKind.Deploy, "app", [new(0, "web", "create", "create app-web", "new", "podman run")],
            ["odd"])
        {
            Components = [new("web", ComponentChange.Create, "new", RunLine: "podman run")],
            Release = 3,
        };
        var preview = await PlanAsync(new(), new("app", "web") { Options = new() { Force = true } });

        var request = Assert.Single(_agent.Script.Deploys);
        Assert.Equal((true, false, "web"), (request.Force, request.Wait, request.Component));
        Assert.StartsWith("sha256:", Assert.Single(request.Digests).Value, StringComparison.Ordinal);
        Assert.Equal(("", 3, ComponentChange.Create), (preview.Plan.OperationId, preview.Plan.Release, preview.Plan.Components[0].Change));
        Assert.Equal(["odd"], preview.Warnings);
        Assert.True(preview.HasChanges);
    }

    [Fact]
    public async Task Plan_NothingToDo_HasNoChanges()
    {
        _present = true;
        Assert.False((await PlanAsync(new())).HasChanges);
    }

    [Fact]
    public async Task Plan_ImageCantBeHad_IsTheSameErrorAsInADeploy()
    {
        _folder.Write("services/app.toml", "name = \"app\"\n[[components]]\nname = \"web\"\nimage = \"reg.example/app:v1\"\n");
        var planned = await Assert.ThrowsAsync<McpException>(() => PlanAsync(new()));
        var deployed = await Assert.ThrowsAsync<McpException>(() => DeployAsync(new()));

        Assert.Equal((deployed.Id, deployed.Message, deployed.Remedy), (planned.Id, planned.Message, planned.Remedy));
        Assert.Equal("images-missing", planned.Id);
        Assert.Empty(_agent.Script.Calls);
    }

    [Fact]
    public async Task Deploy_BuildFails_NeverAsksTheNode()
    {
        var builder = new FakeImageBuilder { Failure = new ImageBuildException(ImageBuildError.StepFailed, "step 1", "mend it") };
        var error = await Assert.ThrowsAsync<McpException>(() => DeployAsync(builder));
        Assert.Equal((ErrorKind.OperationFailed, "build-failed", "mend it"), (error.Kind, error.Id, error.Remedy));
        Assert.Empty(_agent.Script.Calls);
    }

    [Fact]
    public async Task Deploy_CancelledDuringBuild_EndsAfterTheCleanUp()
    {
        var builder = new FakeImageBuilder { Hangs = true };
        using var cancel = new CancellationTokenSource();
        using var fleet = new Fleet([], TestNodes.Options);
        using var preparation = Prepare(fleet, builder);
        var pipeline = new DeployPipeline(Config(), Services(), fleet, preparation);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in pipeline.RunAsync(pipeline.Prepare(new("app")), cancel.Token))
            {
                if (update is ImageProgressed { Message.Length: > 0 })
                    await cancel.CancelAsync();
            }
        });
        Assert.True(builder.CleanedUp);
        Assert.Empty(_agent.Script.Calls);
    }

    [Fact]
    public async Task Sync_ImagesOfSeveralServicesCantBeHad_IsOneErrorBeforeAnyDeploy()
    {
        foreach (var name in (string[])["one", "two"])
            _folder.Write(
                $"services/{name}.toml", $"name = \"{name}\"\n[[components]]\nname = \"web\"\nimage = \"reg.example/{name}:v1\"\n");

        var error = await Assert.ThrowsAsync<McpException>(() => SyncAsync(new FakeImageBuilder()));

        Assert.Equal((ErrorKind.NotFound, "images-missing"), (error.Kind, error.Id));
        Assert.Contains("reg.example/one:v1 (web)", error.Message, StringComparison.Ordinal);
        Assert.Contains("reg.example/two:v1 (web)", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_agent.Script.Calls, c => c.StartsWith("Deploy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sync_TwoServicesOfOneImage_BuildItOnce()
    {
        _folder.Write(
            "services/twin.toml",
            File.ReadAllText(Path.Combine(_folder.Path, "services/app.toml"))
                .Replace("name = \"app\"\n", "name = \"twin\"\npath = \"app\"\n", StringComparison.Ordinal));
        var builder = new FakeImageBuilder();

        var updates = await SyncAsync(builder);

        Assert.Equal(["build reg.example/app:v1", "push reg.example/app:v1"], builder.Calls);
        Assert.Equal(["app", "twin"], updates.OfType<SyncEnded>().Select(e => e.Result.Service).Order());
    }

    [Fact]
    public void SyncPrepare_SeveralWrongDefinitions_TellsEveryProblem()
    {
        _folder.Write("services/a.toml", "name = 7\n");
        _folder.Write("services/b.toml", "name = \"b\"\nnode = \"nowhere\"\n[[components]]\nname = \"web\"\nimage = \"x:v1\"\n");
        using var fleet = new Fleet([], TestNodes.Options);
        using var preparation = Prepare(fleet, new());

        var error = Assert.Throws<McpException>(() => new SyncPipeline(Config(), Services(), fleet, preparation).Prepare(new([])));

        Assert.Contains(error.Problems, p => p.File?.EndsWith("a.toml", StringComparison.Ordinal) == true);
        Assert.Contains(error.Problems, p => p.Message.Contains("nowhere", StringComparison.Ordinal));
    }

    private void Define(string service) => _folder.Write($"services/{service}.toml",
        $"name = \"{service}\"\n[build.images]\napp = \"Dockerfile\"\n[[components]]\nname = \"web\"\nimage = \"reg.example/app:v1\"\n");

    private async Task<List<OperationUpdate>> DeployAsync(FakeImageBuilder builder)
    {
        using var fleet = new Fleet([], TestNodes.Options);
        using var preparation = Prepare(fleet, builder);
        var pipeline = new DeployPipeline(Config(), Services(), fleet, preparation);
        return await pipeline.RunAsync(pipeline.Prepare(new("app")), default).ToListAsync();
    }

    private async Task<DeployPreview> PlanAsync(FakeImageBuilder builder, DeployOrder? order = null)
    {
        using var fleet = new Fleet([], TestNodes.Options);
        using var preparation = Prepare(fleet, builder);
        var pipeline = new DeployPipeline(Config(), Services(), fleet, preparation);
        return await pipeline.PlanAsync(pipeline.Prepare(order ?? new("app")), default);
    }

    private async Task<List<SyncUpdate>> SyncAsync(FakeImageBuilder builder)
    {
        using var fleet = new Fleet([], TestNodes.Options);
        using var preparation = Prepare(fleet, builder);
        var sync = new SyncPipeline(Config(), Services(), fleet, preparation);
        return await sync.RunAsync(sync.Prepare(new([])), default).ToListAsync();
    }

    private ImagePreparation Prepare(Fleet fleet, FakeImageBuilder builder) => new(Config(), fleet, new ImageTools
    {
        Builder = () => builder,
        Registry = ClientUnderTest.Create(new FakeRegistryHandler(_ => _present
            ? FakeRegistryHandler.Found()
            : FakeRegistryHandler.Refusal(HttpStatusCode.NotFound, """{"errors":[{"code":"MANIFEST_UNKNOWN"}]}"""))),
        Time = TimeProvider.System,
    });

    private ServiceDirectory Services() => Config().OpenServices(TestEnvironment.At(_folder.Path));

    private WorkstationConfig Config() =>
        WorkstationConfig.Load(
            TestEnvironment.At(_folder.Path),
            Path.Combine(_folder.Path, "mcp.toml")) with { ServicesDirectory = new(Path.Combine(_folder.Path, "services"), "test"),
            Nodes = [_agent.Node()] };
}
