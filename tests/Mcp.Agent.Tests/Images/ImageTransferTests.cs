using Grpc.Core;
using Mcp.Agent.Auth;
using Mcp.Agent.Events;
using Mcp.Agent.Tests.Hosting;
using Mcp.Core.Client;
using Mcp.Core.Client.Connections;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Images.Transfer;
using Mcp.Core.Protocol;
using Mcp.Testing;
using Mcp.Testing.Containers;
using Mcp.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Mcp.Agent.Tests.Images;

/// <summary>Images from the client's stream to the engine, through TLS and gRPC.</summary>
public sealed class ImageTransferTests : IAsyncLifetime
{
    private const string Image = "registry.test/web:v1";
    private const int Megabytes = 3_000_000;

    private RunningAgent _agent = null!;
    private AgentClient _client = null!;

    public async Task InitializeAsync()
    {
        _agent = await RunningAgent.StartAsync();
        _client = await ClientAsync(Role.Operator);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _agent.DisposeAsync();
    }

    [Fact]
    public async Task LoadImage_Archive_IsInTheEngineAndTold()
    {
        var archive = FakeArchive.Of(Image, "one", Megabytes);
        var sent = new List<long>();

        var loaded = await _client.LoadImageAsync(Load(), new MemoryStream(archive), new Reports(sent), default);

        var image = (await _agent.Engine.InspectImageAsync(Image, default))!;
        Assert.Equal((Image, image.Id), (Assert.Single(loaded).Asked, loaded[0].Id));
        Assert.Equal(archive.Length, sent[^1]);
        Assert.True(sent.Count > 5 && sent.SequenceEqual(sent.Order()));
        var happened = _agent.Host.Services.GetRequiredService<EventLog>().Query(new(null)).Single(e => e.Kind == EventKinds.ImageReceived);
        Assert.Equal(("operator", $"{Image} ({image.Id})"), (happened.Actor, happened.Message));
    }

    [Fact]
    public async Task LoadImage_UnderAnotherNameThanTheEngineMakesOfIt_GetsTheNameThatWasAsked()
    {
        await _client.LoadImageAsync(Load(), new MemoryStream(FakeArchive.Of("docker.io/library/odd:v1", "one")), null, default);

        Assert.NotNull(await _agent.Engine.InspectImageAsync(Image, default));
    }

    [Fact]
    public async Task LoadImage_OfAnotherImageThanAnnounced_IsRefused()
    {
        var error = await Assert.ThrowsAsync<McpException>(() =>
            _client.LoadImageAsync(
                Load(id: "sha256:" + new string('0', 64)), new MemoryStream(FakeArchive.Of(Image, "one")), null, default));

        Assert.Contains("does not contain", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadImage_SourceThatBreaks_LeavesNothingOnTheNode()
    {
        await Assert.ThrowsAsync<InvalidDataException>(
            () => _client.LoadImageAsync(Load(), new Endless(_ => throw new InvalidDataException("the engine here ended")), null, default));

        await NothingArrivesAsync();
    }

    [Fact]
    public async Task LoadImage_CancelledInTheMiddle_LeavesNothingOnTheNode()
    {
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _client.LoadImageAsync(Load(), new Endless(_ => stop.Cancel()), null, stop.Token));

        await NothingArrivesAsync();
    }

    [Fact]
    public async Task LoadImage_WithoutItsEnd_CountsAsBrokenOff()
    {
        var stub = _agent.Client(out var channel);
        using var _ = channel;
        using var call = stub.LoadImage(RunningAgent.Bearer(await _agent.TokenAsync(Role.Admin)));
        await call.RequestStream.WriteAsync(new() { Header = Load().ToWire() });
        await call.RequestStream.WriteAsync(new() { Chunk = Google.Protobuf.ByteString.CopyFrom(FakeArchive.Of(Image, "one")) });
        await call.RequestStream.CompleteAsync();

        var error = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("interrupted", error.Status.Detail, StringComparison.Ordinal);
        Assert.Null(await _agent.Engine.InspectImageAsync(Image, default));
    }

    [Fact]
    public async Task LoadImage_EngineDown_SaysSoWithoutReadingItAll()
    {
        _agent.Engine.GoDown();

        var error = await Assert.ThrowsAsync<McpException>(() => _client.LoadImageAsync(Load(), new Endless(_ => { }), null, default))
            .WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("engine-unreachable", error.Id);
    }

    [Fact]
    public async Task LoadImage_EngineOutOfRoom_IsDiskFull()
    {
        _agent.Engine.Fail(EngineVerb.LoadImage, new EngineException(EngineError.DiskFull, "no space left on device", "Free space."));

        var error = await Assert.ThrowsAsync<McpException>(
            () => _client.LoadImageAsync(Load(), new MemoryStream(FakeArchive.Of(Image, "one")), null, default));

        Assert.Equal(("disk-full", "Free space."), (error.Id, error.Remedy));
    }

    [Theory]
    [InlineData("no good:v1")]
    [InlineData("registry.test/web@sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task LoadImage_UnderNoName_IsRefused(string name)
    {
        var error = await Assert.ThrowsAsync<McpException>(
            () => _client.LoadImageAsync(new(new ValueMap([new(name, "")])), new MemoryStream(), null, default));

        Assert.Equal("invalid-request", error.Id);
    }

    [Fact]
    public async Task LoadImage_AsViewer_IsForbidden()
    {
        using var viewer = await ClientAsync(Role.Viewer);

        var error = await Assert.ThrowsAsync<McpException>(
            () => viewer.LoadImageAsync(Load(), new MemoryStream(FakeArchive.Of(Image, "one", Megabytes)), null, default));

        Assert.Equal(ErrorKind.Forbidden, error.Kind);
        Assert.DoesNotContain(_agent.Engine.Calls, c => c.Verb == EngineVerb.LoadImage);
    }

    [Fact]
    public async Task FindImages_ByReferenceIdAndLayer_TellsWhatIsThere()
    {
        _agent.Engine.AddImage(Image);
        var image = (await _agent.Engine.InspectImageAsync(Image, default))!;
        using var viewer = await ClientAsync(Role.Viewer);

        var found = await viewer.FindImagesAsync([Image, "registry.test/none:v1", image.Id], [image.Layers[0], "sha256:none"], default);

        Assert.Equal([Image, image.Id], found.Images.Select(i => i.Asked));
        Assert.All(found.Images, i => Assert.Equal((image.Id, image.Size), (i.Id, i.Size)));
        Assert.Equal(image.Layers, found.Images[0].Layers);
        Assert.Equal([image.Layers[0]], found.Layers);
    }

    private static ImageLoad Load(string id = "") => new(new ValueMap([new(Image, id)]), 1000);

    private async Task<AgentClient> ClientAsync(Role role) => new(
        new NodeConfig
        {
            Name = "n1",
            Address = _agent.Host.Address,
            Fingerprint = CertificateFingerprint.TryParse(_agent.Host.Fingerprint),
            Token = NodeConfig.ParseToken(await _agent.TokenAsync(role)),
        },
        new());

    /// <summary>The agent has noticed the end of the call once it answers another load; the first one must not have reached the
    /// engine.</summary>
    private async Task NothingArrivesAsync()
    {
        await _client.LoadImageAsync(
            new(new ValueMap([new("registry.test/next:v1", "")])), new MemoryStream(FakeArchive.Of("registry.test/next:v1", "next")), null,
            default);
        await Eventually.TrueAsync(
            () => Task.FromResult(_agent.Engine.Calls.Count(c => c.Verb == EngineVerb.LoadImage) == 1), TimeSpan.FromSeconds(5),
            () => "another load came to its end");
        Assert.Null(await _agent.Engine.InspectImageAsync(Image, default));
    }

    private sealed class Reports(List<long> sent) : IProgress<long>
    {
        public void Report(long value) => sent.Add(value);
    }

    /// <summary>An archive that never ends; after a few megabytes something happens.</summary>
    private sealed class Endless(Action<long> after) : MemoryStream
    {
        private long _read;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if ((_read += buffer.Length) > Megabytes)
                after(_read);
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
