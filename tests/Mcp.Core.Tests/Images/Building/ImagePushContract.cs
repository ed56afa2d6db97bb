using Mcp.Core.Definitions;
using Mcp.Core.Images;
using Mcp.Core.Images.Building;
using Mcp.Core.Images.Credentials;
using Mcp.Testing;
using Mcp.Testing.Engines;
using static Mcp.Core.Tests.Images.Distribution.ClientUnderTest;

namespace Mcp.Core.Tests.Images.Building;

/// <summary>What pushing means, whichever engine does it, against a real image registry.</summary>
public abstract class ImagePushContract(BuilderFixture engine)
{
    protected BuilderFixture Engine { get; } = engine;

    [EngineFact]
    public async Task Push_WithLogin_GivesTheRegistrysDigest()
    {
        await using var registry = await TestRegistry.StartAsync(new TestRegistryOptions { Login = true });
        var image = await BuildAsync(registry, "FROM scratch\nADD busybox /busybox\n");
        Login(registry, TestRegistryOptions.Password);
        using var client = Client();
        var output = new OutputRecorder();

        Assert.Null(await client.FindDigestAsync(image, default));
        var digest = await Engine.Builder.PushAsync(image, await client.GetTransportAsync(image, default), output, default);

        Assert.Equal(digest, await client.FindDigestAsync(image, default));
        Assert.NotEmpty(output.Lines);
    }

    [EngineFact]
    public async Task Push_WrongPassword_SaysLogIn()
    {
        await using var registry = await TestRegistry.StartAsync(new TestRegistryOptions { Login = true });
        var image = await BuildAsync(registry, "FROM scratch\nADD busybox /busybox\n");
        Login(registry, "guessed-it");

        var error = await RefusedAsync(image);

        Assert.Equal(ImageRegistryError.Unauthorized, error.Error);
        Assert.Equal($"run '{Engine.Command.Name} login {registry.Address}' with the right password", error.Remedy);
        Assert.DoesNotContain("guessed-it", error.ToString(), StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Push_RegistryDown_SaysSo()
    {
        var image = await BuildAsync($"127.0.0.1:{FreePort.Closed}", "FROM scratch\nADD busybox /busybox\n");

        var error = await RefusedAsync(image);

        Assert.Equal(ImageRegistryError.Unreachable, error.Error);
        Assert.Contains("connection refused", error.Message, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Push_ReadOnlyRegistry_SaysSo()
    {
        await using var registry = await TestRegistry.StartAsync(new TestRegistryOptions { ReadOnly = true });
        var image = await BuildAsync(registry, "FROM scratch\nADD busybox /busybox\n");

        Assert.Equal(ImageRegistryError.ReadOnly, (await RefusedAsync(image)).Error);
    }

    [EngineFact]
    public async Task Push_Aborted_LeavesNoTagAndCanBeRepeated()
    {
        await using var registry = await TestRegistry.StartAsync();
        var image = await BuildAsync(registry, BuilderFixture.Base + "RUN /bin/busybox head -c 60000000 /dev/urandom > /big\n");
        using var client = Client();
        var transport = await client.GetTransportAsync(image, default);
        var output = new OutputRecorder(Engine.Command.IsPodman ? "Copying blob" : "Preparing");
        using var cancel = new CancellationTokenSource();

        var push = Engine.Builder.PushAsync(image, transport, output, cancel.Token);
        await output.Seen;
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => push);
        Assert.Null(await client.FindDigestAsync(image, default));
        Assert.Equal(await Engine.Builder.PushAsync(image, transport, null, default), await client.FindDigestAsync(image, default));
    }

    [EngineFact]
    public async Task Push_NotBuilt_SaysSo()
    {
        var error = await Assert.ThrowsAsync<ImageBuildException>(
            () => Engine.Builder.PushAsync(BuilderFixture.Definitions("127.0.0.1:9/nothing:v1"), new(), null, default));

        Assert.Equal(ImageBuildError.ImageMissing, error.Error);
    }

    protected Task<ImageReference> BuildAsync(TestRegistry registry, string dockerfile) => BuildAsync(registry.Address, dockerfile);

    private async Task<ImageReference> BuildAsync(string registry, string dockerfile)
    {
        var image = new ImageReference(registry, $"team/t{Guid.NewGuid():N}", "v1", null);
        await Engine.Builder.BuildAsync(Engine.Request(image.ToString(), dockerfile), null, default);
        return image;
    }

    protected async Task<ImageRegistryException> RefusedAsync(ImageReference image, ImageRegistryTransport? transport = null)
    {
        var error = await Assert.ThrowsAsync<ImageRegistryException>(
            () => Engine.Builder.PushAsync(image, transport ?? new(PlainHttp: true), null, default));
        Assert.Contains($"push of {image} failed: ", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Remedy);
        return error;
    }

    protected ImageRegistryClient Client(ImageRegistrySettings? settings = null) =>
        new((settings ?? new()) with { CertificateFolders = [] }, Logins(Engine.AuthFile), TimeProvider.System);

    private void Login(TestRegistry registry, string password) =>
        File.WriteAllText(Engine.AuthFile, $$"""{"auths":{"{{registry.Address}}":{"auth":"{{Base64($"{TestRegistryOptions.User}:{password}")}}" } } }""");
}

[Trait("Group", "contract")]
public sealed class PodmanImagePushTests(PodmanBuilderFixture engine) : ImagePushContract(engine), IClassFixture<PodmanBuilderFixture>
{
    // Podman's alone: docker sends every layer six times, with growing pauses, before it gives up (a minute).
    [EngineFact]
    public async Task Push_RegistrysDiskFull_LeavesNoTag()
    {
        var disk = Engine.Folder.File("disk", "x");
        disk = Path.GetDirectoryName(disk)!;
        try
        {
            await ChildProcess.RunAsync("/bin/mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", disk]);
        }
        catch (InvalidOperationException)
        {
            return; // Only root may mount; everything else about this case is the registry's.
        }
        try
        {
            await using var registry = await TestRegistry.StartAsync(new TestRegistryOptions { DataFolder = disk });
            var image = await BuildAsync(registry, BuilderFixture.Base);

            var error = await RefusedAsync(image);

            Assert.Contains(error.Error, (ImageRegistryError[])[ImageRegistryError.DiskFull, ImageRegistryError.ServerError]);
            Assert.Contains("disk", error.Remedy, StringComparison.Ordinal);
            using var client = Client();
            Assert.Null(await client.FindDigestAsync(image, default));
        }
        finally
        {
            await TestEngine.UnmountAsync(Engine.Folder.Path);
        }
    }

    [EngineFact]
    public async Task Push_OwnCa_WorksWhenGivenAndSaysSoWhenNot()
    {
        using var folder = new TempFolder();
        var authority = TestAuthority.Create(folder.Path);
        await using var registry = await TestRegistry.StartAsync(new TestRegistryOptions { Authority = authority });
        var image = await BuildAsync(registry, "FROM scratch\nADD busybox /busybox\n");
        var settings =
            new ImageRegistrySettings { Hosts =
                new Dictionary<string, ImageRegistryHost> { [registry.Address] = new(CaFile: authority.RootFile) } };
        using var client = Client(settings);

        var error = await RefusedAsync(image, new());
        var digest = await Engine.Builder.PushAsync(image, await client.GetTransportAsync(image, default), null, default);

        Assert.Equal(ImageRegistryError.UnknownCertificate, error.Error);
        Assert.Equal(digest, await client.FindDigestAsync(image, default));
    }
}

[Trait("Group", "contract")]
public sealed class DockerImagePushTests(DockerBuilderFixture engine) : ImagePushContract(engine), IClassFixture<DockerBuilderFixture>;
