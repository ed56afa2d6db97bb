using Mcp.Core.Containers;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.Core.Tests.Containers.Contract;

/// <summary>One runtime and the surroundings that the contract needs. A failure to start is kept and makes the tests skip.</summary>
public abstract class ContractFixture : IAsyncLifetime, IMayBeUnavailable
{
    public string? Unavailable { get; private set; }

    public abstract IContainerRuntime Runtime { get; }

    /// <summary>The engine has it; it understands what <see cref="Script"/> makes.</summary>
    public string Image => TestEngine.Image;

    /// <summary>A registry has it, and the engine not yet.</summary>
    public abstract string PullableImage { get; }

    /// <summary>Its registry lives and does not have it.</summary>
    public abstract string MissingImage { get; }

    public abstract string LockedImage { get; }

    public string UnreachableImage { get; } = $"127.0.0.1:{FreePort.Closed}/nothing:v1";

    /// <summary>What inspections call the network of containers that ask for none.</summary>
    public virtual string? DefaultNetwork => null;

    public abstract Task PauseAsync(string container);

    /// <summary>An archive of <see cref="Image"/> under another name that it has.</summary>
    public abstract Task<byte[]> SaveAsync(string image);

    /// <summary>Takes a name from an image.</summary>
    public abstract Task DeleteImageAsync(string image);

    public async Task InitializeAsync()
    {
        try
        {
            await StartAsync();
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or EngineException or IOException)
        {
            Unavailable = e.Message;
        }
    }

    public abstract Task DisposeAsync();

    protected abstract Task StartAsync();
}

public abstract class RealEngineFixture : ContractFixture
{
    private TestRegistry? _open;
    private TestRegistry? _locked;

    public TestEngine Engine { get; private set; } = null!;

    public override IContainerRuntime Runtime => Engine.Runtime;

    public override string PullableImage => _open!.Address + "/team/pullable:v1";

    public override string MissingImage => _open!.Address + "/team/pullable:v9";

    public override string LockedImage => _locked!.Address + "/team/secret:v1";

    public override Task PauseAsync(string container) => Engine.Raw.PauseAsync(container);

    public override Task<byte[]> SaveAsync(string image) => Engine.Raw.SaveAsync(image);

    public override Task DeleteImageAsync(string image) => Engine.Raw.DeleteImageAsync(image);

    public override async Task DisposeAsync()
    {
        if (Engine is not null)
            await Engine.DisposeAsync();
        if (_open is not null)
            await _open.DisposeAsync();
        if (_locked is not null)
            await _locked.DisposeAsync();
    }

    protected override async Task StartAsync()
    {
        _open = await TestRegistry.StartAsync();
        _locked = await TestRegistry.StartAsync(locked: true);
        Engine = await StartEngineAsync([_open.Address, _locked.Address]);
        var repository = _open.Address + "/team/pullable";
        await Engine.Raw.TagAsync(Image, repository, "v1");
        await Engine.Raw.PushAsync(repository, "v1");
        await Engine.Raw.DeleteImageAsync(repository + ":v1");
    }

    protected abstract Task<TestEngine> StartEngineAsync(string[] registries);
}

public sealed class PodmanFixture : RealEngineFixture
{
    /// <summary>podman itself does not tell which of its networks is the default one, unless that has its usual name.</summary>
    public override string? DefaultNetwork => ((PodmanEngine)Engine).DefaultNetwork is var name and not "podman" ? name : null;

    protected override async Task<TestEngine> StartEngineAsync(string[] registries) => await PodmanEngine.StartAsync(registries);
}

public sealed class DockerFixture : RealEngineFixture
{
    // docker takes registries on loopback as insecure by itself.
    protected override async Task<TestEngine> StartEngineAsync(string[] registries) => await DockerEngine.StartAsync();
}
