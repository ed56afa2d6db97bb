using Mcp.Core.Images.Building;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.Core.Tests.Images.Building;

/// <summary>An engine program with storage of its own, and a folder to build from.</summary>
public abstract class BuilderFixture : IAsyncLifetime, IMayBeUnavailable
{
    public const string Base = "FROM scratch\nADD busybox /bin/busybox\nRUN [\"/bin/busybox\", \"ln\", \"-s\", \"busybox\", \"/bin/sh\"]\n";

    public string? Unavailable { get; private set; }

    public TempFolder Folder { get; } = new("mcp-build-");

    public ContainerEngineCommand Command { get; private set; } = null!;

    /// <summary>Where both engines and the client look for logins.</summary>
    public string AuthFile => Folder.File("docker-config", "config.json");

    public EngineImageBuilder Builder { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        try
        {
            var busybox = ChildProcess.Find("busybox") ?? throw new InvalidOperationException("busybox is not installed");
            Command = await StartAsync();
            Builder = new(Command, TimeProvider.System);
            File.Copy(busybox, Folder.File("context", "busybox"));
            // Many an engine is there and can't run anything; that has to be known before the tests.
            await Builder.BuildAsync(Request("trial:v1", Base + "RUN true || /bin/busybox true\n"), null, default);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or ImageBuildException or IOException)
        {
            Unavailable = e.Message;
        }
    }

    public abstract Task DisposeAsync();

    /// <summary>A request for this Dockerfile, over the fixture's context.</summary>
    public ImageBuildRequest Request(string image, string dockerfile) => new()
    {
        Image = Definitions(image),
        Context = Folder.Path + "/context",
        Dockerfile = Folder.Write($"Dockerfile.{Guid.NewGuid():N}", dockerfile),
    };

    public static Mcp.Core.Definitions.ImageReference Definitions(string image) => Mcp.Core.Definitions.ImageReference.TryParse(image)!;

    protected abstract Task<ContainerEngineCommand> StartAsync();
}

public sealed class PodmanBuilderFixture : BuilderFixture
{
    public override async Task DisposeAsync()
    {
        if (Command is not null)
            await TestEngine.UnmountAsync(Folder.Path);
        Folder.Dispose();
    }

    protected override Task<ContainerEngineCommand> StartAsync()
    {
        var podman = ChildProcess.Find("podman") ?? throw new InvalidOperationException("podman is not installed");
        var storage = new[] { "--root", Folder.Path + "/root", "--runroot", Folder.Path + "/run", "--tmpdir", Folder.Path + "/tmp" };
        return Task.FromResult(
            new ContainerEngineCommand(
                "podman", podman, storage) { Environment = new Dictionary<string, string> { ["REGISTRY_AUTH_FILE"] = AuthFile } });
    }
}

public sealed class DockerBuilderFixture : BuilderFixture
{
    private DockerEngine? _engine;

    public override async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
        Folder.Dispose();
    }

    protected override async Task<ContainerEngineCommand> StartAsync()
    {
        var docker = ChildProcess.Find("docker") ?? throw new InvalidOperationException("docker is not installed");
        _engine = await DockerEngine.StartAsync();
        return new(
            "docker", docker,
            ["-H", "unix://" + _engine.SocketPath]) { Environment =
                new Dictionary<string, string> { ["DOCKER_CONFIG"] = Path.GetDirectoryName(AuthFile)! } };
    }
}
