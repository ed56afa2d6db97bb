using System.Net;
using Mcp.Core.Definitions;
using Mcp.Core.Images;
using Mcp.Core.Client.Images;
using Mcp.Core.Tests.Images.Distribution;

namespace Mcp.Core.Tests.Client.Images;

public sealed class ImageCheckerTests
{
    [Fact]
    public async Task Check_ManyImages_KeepsOrderAndBound()
    {
        var (running, most) = (0, 0);
        using var registry =
            new SlowRegistry(() => most = Math.Max(most, Interlocked.Increment(ref running)), () => Interlocked.Decrement(ref running));
        using var client = new ImageRegistryClient(
            new() { CertificateFolders = [] }, ClientUnderTest.Logins(null), TimeProvider.System, _ => registry, () => 1);
        var needs = Enumerable.Range(0, 20)
            .Select(i => new ImageNeed(new("reg.example", $"app{i}", i % 2 == 0 ? "there" : "gone", null), ["c"])).ToList();

        var checks = await new ImageChecker(client, atOnce: 3).CheckAsync(needs, default);

        Assert.Equal(needs, checks.Select(c => c.Need));
        Assert.All(checks, c => Assert.Equal(c.Need.Image.Tag == "there" ? ImagePresence.Present : ImagePresence.Absent, c.Presence));
        Assert.InRange(most, 2, 3);
    }

    [Fact]
    public async Task Check_OneRegistryFails_OthersStillAnswer()
    {
        using var registry = new FakeRegistryHandler(
            r => r.RequestUri!.Host == "bad.example" ? FakeRegistryHandler.Refusal(HttpStatusCode.Forbidden) : FakeRegistryHandler.Found());
        using var client = ClientUnderTest.Create(registry);

        var checks = await new ImageChecker(client).CheckAsync([Need("bad.example"), Need("good.example"), Need("localhost")], default);

        Assert.Equal([ImagePresence.Unknown, ImagePresence.Present, ImagePresence.NotAsked], checks.Select(c => c.Presence));
        Assert.Equal(ImageRegistryError.Denied, checks[0].Failure!.Error);
        Assert.DoesNotContain(registry.Requests, r => r.Uri.Host == "localhost");
    }

    private static ImageNeed Need(string host) => new(new ImageReference(host, "app", "v1", null), ["c"]);

    private sealed class SlowRegistry(Action enter, Action leave) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            enter();
            await Task.Delay(10, cancellationToken);
            leave();
            return request.RequestUri!.AbsolutePath.EndsWith("there", StringComparison.Ordinal)
                ? FakeRegistryHandler.Found()
                : FakeRegistryHandler.Refusal(HttpStatusCode.NotFound, """{"errors":[{"code":"MANIFEST_UNKNOWN","message":"unknown"}]}""");
        }
    }
}
