using Mcp.Core.Definitions;

namespace Mcp.Core.Tests.Definitions;

public sealed class ImageReferenceTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("img", null, "img", null, null, "", "img")]
    [InlineData("img:v1", null, "img", "v1", null, "v1", "img")]
    [InlineData("registry/img:v1.2.0", null, "registry/img", "v1.2.0", null, "v1.2.0", "img")]
    [InlineData("registry/img:latest", null, "registry/img", "latest", null, "latest", "img")]
    [InlineData("registry/img", null, "registry/img", null, null, "", "img")]
    [InlineData("registry:5000/img:v1", "registry:5000", "img", "v1", null, "v1", "img")]
    [InlineData("registry:5000/img", "registry:5000", "img", null, null, "", "img")]
    [InlineData("localhost/img", "localhost", "img", null, null, "", "img")]
    [InlineData("localhost:5000/team/img:v1", "localhost:5000", "team/img", "v1", null, "v1", "img")]
    [InlineData("127.0.0.1:5000/a/b/c:x", "127.0.0.1:5000", "a/b/c", "x", null, "x", "c")]
    [InlineData("[::1]:5000/img:v1", "[::1]:5000", "img", "v1", null, "v1", "img")]
    [InlineData("Registry.Example.com/img", "Registry.Example.com", "img", null, null, "", "img")]
    [InlineData("img@" + Digest, null, "img", null, Digest, "", "img")]
    [InlineData("img:v1@" + Digest, null, "img", "v1", Digest, "v1", "img")]
    [InlineData("registry:5000/img@" + Digest, "registry:5000", "img", null, Digest, "", "img")]
    [InlineData("r.example.com/a__b/c-d--e.f:V_1.2-rc", "r.example.com", "a__b/c-d--e.f", "V_1.2-rc", null, "V_1.2-rc", "c-d--e.f")]
    public void TryParse_Reference_TakesItApart(
        string text, string? registry, string repository, string? tag, string? digest, string version, string name)
    {
        var image = ImageReference.TryParse(text);

        Assert.Equal(new ImageReference(registry, repository, tag, digest), image);
        Assert.Equal(version, image!.Version);
        Assert.Equal(name, image.Name);
        Assert.Equal(text, image.ToString());
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("Team/img", "lower-case")]
    [InlineData("registry.example.com/Img:v1", "lower-case")]
    [InlineData("img:", "tag")]
    [InlineData("img:v 1", "blanks")]
    [InlineData("img:-v1", "tag")]
    [InlineData("img@sha256:abc", "digest")]
    [InlineData("img@", "digest")]
    [InlineData("https://registry.example.com/img", "URL")]
    [InlineData("registry:port/img", "host[:port]")]
    [InlineData("registry.example.com/", "missing")]
    [InlineData(":v1", "missing")]
    [InlineData("/img", "repository name")]
    [InlineData("a//b", "repository name")]
    [InlineData("img-", "repository name")]
    [InlineData("img\n", "blanks")]
    public void TryParse_SomethingElse_SaysWhy(string text, string fault)
    {
        Assert.Null(ImageReference.TryParse(text, out var why));
        Assert.Contains(fault, why, StringComparison.Ordinal);
    }
}
