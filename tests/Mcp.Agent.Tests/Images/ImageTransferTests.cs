using System.Security.Cryptography;
using Mcp.Agent.Auth;
using Mcp.Agent.Events;
using Mcp.Agent.Tests.Hosting;
using Mcp.Core.Client;
using Mcp.Core.Client.Connections;
using Mcp.Core.Client.Images;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Containers;
using Mcp.Testing;
using Mcp.Testing.Containers;
using Microsoft.Extensions.DependencyInjection;

namespace Mcp.Agent.Tests.Images;

/// <summary>Images from the workstation's engine to the node's, layer by layer, through TLS and gRPC.</summary>
public sealed class ImageTransferTests : IAsyncLifetime
{
    private const string Image = "registry.test/web:v1";
    private const int Megabytes = 3_000_000;

    private static readonly TestImage Web = TestImage.Of([1], RandomNumberGenerator.GetBytes(Megabytes), [2, 2]);

    private readonly ImageSource _source = new(Web);
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
    public async Task Send_NodeHasNothing_BringsTheImageAndTellsOfIt()
    {
        var reports = new List<TransferProgress>();

        var sent = await SendAsync(reports.Add);

        Assert.Equal(Web.Id, (await _agent.Engine.InspectImageAsync(Image, default))?.Id);
        Assert.Equal(new(3, 3, Megabytes + 3), sent);
        Assert.True(reports.Count > 5 && reports.Select(r => r.Sent).SequenceEqual(reports.Select(r => r.Sent).Order()));
        var happened = _agent.Host.Services.GetRequiredService<EventLog>().Query(new(null)).Single(e => e.Kind == EventKinds.ImageReceived);
        Assert.Equal(("operator", $"{Image} ({Web.Id})"), (happened.Actor, happened.Message));
        NothingIsLeft();
    }

    [Fact]
    public async Task Send_NodeLacksOneLayer_SendsThatOneAlone()
    {
        await SendAsync();
        var next = TestImage.Of(Web.Layers[0], Web.Layers[1], [3, 3, 3]);
        var source = new ImageSource(next);

        var sent = await new ImageTransfer(source, _client, _ => { }).SendAsync("registry.test/web:v2", source.Local, default);

        Assert.Equal(new(3, 1, 3), sent);
        Assert.Equal([next.DiffIds[2]], Assert.Single(source.Exports));
        Assert.Equal(next.Id, (await _agent.Engine.InspectImageAsync("registry.test/web:v2", default))?.Id);
        NothingIsLeft();
    }

    [Fact]
    public async Task Send_NodeHasTheImageUnderAnotherName_SendsNothingAndNamesIt()
    {
        await SendAsync();

        var sent = await new ImageTransfer(_source, _client, _ => { }).SendAsync("registry.test/other:v1", _source.Local, default);

        Assert.Equal(new(3, 0, 0), sent);
        Assert.Equal(Web.Id, (await _agent.Engine.InspectImageAsync("registry.test/other:v1", default))?.Id);
    }

    [Fact]
    public async Task Send_LayersGoFromTheNodeMeanwhile_AreSentAfterAll()
    {
        _agent.Engine.AddImage("base:v1", FakeImage.Runs with { Stored = TestImage.Of(Web.Layers[0], Web.Layers[1]) });
        _source.OnExport = () => _agent.Engine.RemoveImage("base:v1");

        var sent = await SendAsync();

        Assert.Equal(new(3, 2, Megabytes + 3), sent);
        Assert.Equal([[Web.DiffIds[2]], [Web.DiffIds[0], Web.DiffIds[1]]], _source.Exports);
        Assert.Equal(Web.Id, (await _agent.Engine.InspectImageAsync(Image, default))?.Id);
    }

    [Fact]
    public async Task Send_EngineCannotUseLayersOfItsOtherImages_SendsAllOfThem()
    {
        _agent.Engine.AddImage("base:v1", FakeImage.Runs with { Stored = TestImage.Of(Web.Layers[0], Web.Layers[1]) });
        _agent.Engine.Fail(EngineVerb.LoadImage, new EngineException(EngineError.Failed, "content digest not found", ""));

        await SendAsync();

        Assert.Equal([[Web.DiffIds[2]], [Web.DiffIds[0], Web.DiffIds[1]]], _source.Exports);
        Assert.Equal(Web.Id, (await _agent.Engine.InspectImageAsync(Image, default))?.Id);
        NothingIsLeft();
    }

    [Fact]
    public async Task Send_EngineRefusesTheWholeImage_IsItsErrorAndKeepsNothing()
    {
        _agent.Engine.Fail(EngineVerb.LoadImage, new EngineException(EngineError.BadArchive, "cannot load: bad", "Build it anew."));

        var error = await Assert.ThrowsAsync<McpException>(() => SendAsync());

        Assert.Equal(("cannot load: bad", "Build it anew."), (error.Message, error.Remedy));
        NothingIsLeft();
    }

    [Fact]
    public async Task Send_EngineDownAfterwards_KeepsTheLayersForTheNextTime()
    {
        _source.OnExport = () => _agent.Engine.Fail(EngineVerb.LoadImage, new EngineException(EngineError.Unreachable, "gone", ""));
        await Assert.ThrowsAsync<McpException>(() => SendAsync());
        _source.OnExport = () => { };

        var sent = await SendAsync();

        Assert.Equal(0, sent.Sent);
        Assert.Equal(Web.Id, (await _agent.Engine.InspectImageAsync(Image, default))?.Id);
    }

    [Fact]
    public async Task Send_EngineOutOfRoom_IsDiskFull()
    {
        _agent.Engine.Fail(EngineVerb.LoadImage, new EngineException(EngineError.DiskFull, "no space left on device", "Free space."));

        var error = await Assert.ThrowsAsync<McpException>(() => SendAsync());

        Assert.Equal(("disk-full", "Free space."), (error.Id, error.Remedy));
    }

    [Fact]
    public async Task Send_DamagedLayer_IsRefusedAndKeepsNothing()
    {
        _source.Damaged = [9];

        var error = await Assert.ThrowsAsync<McpException>(() => SendAsync());

        Assert.Equal("invalid-request", error.Id);
        Assert.Equal($"what was sent as {Web.DiffIds[0]} is {TestImage.Digest([9])}", error.Message);
        Assert.Null(await _agent.Engine.InspectImageAsync(Image, default));
        NothingIsLeft();
    }

    [Fact]
    public async Task Send_ConnectionBreaks_ContinuesWhereItWas()
    {
        using var proxy = new CuttingProxy(_agent.Host.Address, cutAfter: Megabytes / 2);
        using var client = await ClientAsync(Role.Admin, proxy.Address);

        var sent = await new ImageTransfer(_source, client, _ => { }).SendAsync(Image, _source.Local, default);

        Assert.Equal(2, proxy.Connections);
        // What was on the way is sent twice; all from the beginning would be one and a half times the image.
        Assert.InRange(sent.Sent, Megabytes + 3, Megabytes * 14L / 10);
        Assert.Equal(Web.Id, (await _agent.Engine.InspectImageAsync(Image, default))?.Id);
    }

    [Fact]
    public async Task SendLayer_CancelledInTheMiddle_IsContinuedByTheNextCall()
    {
        using var stop = new CancellationTokenSource();
        var first = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.SendLayerAsync(
            Web.DiffIds[1], new MemoryStream(Web.Layers[1]), count =>
            {
                if ((first += count) >= Megabytes / 2)
                    stop.Cancel();
            }, stop.Token));
        await Eventually.TrueAsync(
            () => Task.FromResult(Files().Any(f => new FileInfo(f).Length > 0)), TimeSpan.FromSeconds(30), () => "nothing has arrived");
        var rest = 0;

        await _client.SendLayerAsync(Web.DiffIds[1], new MemoryStream(Web.Layers[1]), count => rest += count, default);

        Assert.InRange(rest, 1, Megabytes - 1);
        Assert.Equal(Web.Layers[1], await File.ReadAllBytesAsync(Assert.Single(Files())));
    }

    [Fact]
    public async Task SendLayer_ByTwoAtTheSameTime_ArrivesOnce()
    {
        var (one, other) = (0, 0);
        using var second = await ClientAsync(Role.Admin);

        await Task.WhenAll(
            _client.SendLayerAsync(Web.DiffIds[1], new MemoryStream(Web.Layers[1]), count => one += count, default),
            second.SendLayerAsync(Web.DiffIds[1], new MemoryStream(Web.Layers[1]), count => other += count, default));

        Assert.Equal(Megabytes, one + other);
        Assert.Equal(Web.Layers[1], await File.ReadAllBytesAsync(Assert.Single(Files())));
    }

    [Theory]
    [InlineData("no good:v1")]
    [InlineData("registry.test/web@sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task AddImage_UnderNoName_IsRefused(string name)
    {
        var error = await Assert.ThrowsAsync<McpException>(() => _client.AddImageAsync(name, Web.Config, default));

        Assert.Equal("invalid-request", error.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"rootfs":{"diff_ids":"all"}}""")]
    [InlineData("""{"rootfs":{"diff_ids":["sha256:../../etc"]}}""")]
    [InlineData("""{"rootfs":{"diff_ids":[7]}}""")]
    public async Task AddImage_OfNoConfiguration_IsRefused(string config)
    {
        var error = await Assert.ThrowsAsync<McpException>(
            () => _client.AddImageAsync(Image, System.Text.Encoding.UTF8.GetBytes(config), default));

        Assert.Equal("invalid-request", error.Id);
    }

    [Fact]
    public async Task FindMissingLayers_OfMoreThanAnImageCanHave_IsRefused() => Assert.Equal(
        "invalid-request",
        (await Assert.ThrowsAsync<McpException>(
            () => _client.FindMissingLayersAsync(Enumerable.Repeat(Web.DiffIds[0], 1001), default))).Id);

    [Fact]
    public async Task AddImage_EngineDown_SaysSo()
    {
        _agent.Engine.GoDown();

        var error = await Assert.ThrowsAsync<McpException>(() => _client.AddImageAsync(Image, Web.Config, default));

        Assert.Equal("engine-unreachable", error.Id);
    }

    [Fact]
    public async Task Transfer_AsViewer_IsForbidden()
    {
        using var viewer = await ClientAsync(Role.Viewer);

        var sending = await Assert.ThrowsAsync<McpException>(
            () => viewer.SendLayerAsync(Web.DiffIds[1], new MemoryStream(Web.Layers[1]), _ => { }, default));
        var adding = await Assert.ThrowsAsync<McpException>(() => viewer.AddImageAsync(Image, Web.Config, default));

        Assert.Equal((ErrorKind.Forbidden, ErrorKind.Forbidden), (sending.Kind, adding.Kind));
        NothingIsLeft();
    }

    [Fact]
    public async Task FindImages_ByReferenceAndId_TellsWhatIsThere()
    {
        _agent.Engine.AddImage(Image);
        var image = (await _agent.Engine.InspectImageAsync(Image, default))!;
        using var viewer = await ClientAsync(Role.Viewer);

        var found = await viewer.FindImagesAsync([Image, "registry.test/none:v1", image.Id], default);

        Assert.Equal([Image, image.Id], found.Select(i => i.Asked));
        Assert.All(found, i => Assert.Equal((image.Id, image.Size), (i.Id, i.Size)));
        Assert.Equal(image.Layers, found[0].Layers);
    }

    [Fact]
    public async Task FindMissingLayers_OnTopOfOtherLayers_DoNotCountAsThere()
    {
        _agent.Engine.AddImage("other:v1", FakeImage.Runs with { Stored = TestImage.Of(Web.Layers[0], [7], Web.Layers[2]) });

        Assert.Equal(Web.DiffIds.Skip(1), await _client.FindMissingLayersAsync(Web.DiffIds, default));
    }

    private Task<TransferProgress> SendAsync(Action<TransferProgress>? report = null) =>
        new ImageTransfer(_source, _client, report ?? (_ => { })).SendAsync(Image, _source.Local, default);

    private async Task<AgentClient> ClientAsync(Role role, Uri? address = null) => new(
        new NodeConfig
        {
            Name = "n1",
            Address = address ?? _agent.Host.Address,
            Fingerprint = CertificateFingerprint.TryParse(_agent.Host.Fingerprint),
            Token = NodeConfig.ParseToken(await _agent.TokenAsync(role)),
        },
        new());

    private string[] Files() => Directory.Exists(_agent.Data.Layers) ? Directory.GetFiles(_agent.Data.Layers) : [];

    private void NothingIsLeft() => Assert.Empty(Files());
}
