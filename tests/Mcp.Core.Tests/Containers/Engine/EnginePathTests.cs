using Mcp.Core.Containers;
using Mcp.Core.Containers.Engine;

namespace Mcp.Core.Tests.Containers.Engine;

public sealed class EnginePathTests
{
    public static TheoryData<string> Hostile =>
    [
        "../containers/x", "a/../b", "x?force=1", "x#y", "x y", "", ".", "..", "%2e%2e/x", "x\r\nHost: y", "x\0", "http://h/x", "-x", "/x",
        "x/",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Path_OfWhatIsNoName_IsRefused(string text)
    {
        foreach (var path in (Func<string, string, string>[])[
            EnginePath.OfImage, EnginePath.OfContainer, EnginePath.OfExec, (network, _) => EnginePath.OfNetwork(network)])
            Assert.Equal(EngineError.NotFound, Assert.Throws<EngineException>(() => path(text, "/json")).Error);
    }

    [Theory]
    [InlineData("localhost/team/web:v1", "images/localhost/team/web%3Av1/json")]
    [InlineData("host:5000/web@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "images/host%3A5000/web%40sha256%3A0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/json")]
    [InlineData("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "images/sha256%3A0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/json")]
    public void OfImage_AReferenceOrAnId_IsEscaped(string image, string path) => Assert.Equal(path, EnginePath.OfImage(image, "/json"));

    [Fact]
    public void OfContainer_ANameOrAnId_IsItself() =>
        Assert.Equal("containers/web-web.1/json", EnginePath.OfContainer("web-web.1", "/json"));
}
