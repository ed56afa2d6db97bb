using Mcp.Core.Definitions;
using Mcp.Core.Images.Distribution;

namespace Mcp.Core.Tests.Images.Distribution;

public sealed class ImageRegistryEndpointTests
{
    [Theory]
    [InlineData(null, "nginx", "v1", "https://registry-1.docker.io/v2/library/nginx/manifests/v1")]
    [InlineData("docker.io", "nginx", "v1", "https://registry-1.docker.io/v2/library/nginx/manifests/v1")]
    [InlineData("index.docker.io", "team/app", null, "https://registry-1.docker.io/v2/team/app/manifests/latest")]
    [InlineData("reg.example:5000", "app", "v1", "https://reg.example:5000/v2/app/manifests/v1")]
    public void For_Reference_LeadsToItsManifest(string? registry, string repository, string? tag, string manifest) =>
        Assert.Equal(manifest, ImageRegistryEndpoint.For(new(registry, repository, tag, null)).Manifest("https").AbsoluteUri);

    [Fact]
    public void For_TagAndDigest_AsksForTheDigest() =>
        Assert.Equal(FakeRegistryHandler.Digest, ImageRegistryEndpoint.For(new("r", "a", "v1", FakeRegistryHandler.Digest)).Reference);

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("localhost:5000", true)]
    [InlineData("127.0.0.1:5000", true)]
    [InlineData("127.9.9.9", true)]
    [InlineData("[::1]:5000", true)]
    [InlineData("localhost.example", false)]
    [InlineData("10.0.0.1:5000", false)]
    public void IsLoopback_Host_IsTold(string registry, bool loopback) =>
        Assert.Equal(loopback, ImageRegistryEndpoint.For(new(registry, "a", "v1", null)).IsLoopback);
}
