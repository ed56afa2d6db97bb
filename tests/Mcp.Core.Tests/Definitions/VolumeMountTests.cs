using Mcp.Core.Definitions;

namespace Mcp.Core.Tests.Definitions;

public sealed class VolumeMountTests
{
    [Theory]
    [InlineData("/srv/web:/data", "/srv/web", "/data", false, null)]
    [InlineData("/srv/web:/data:ro", "/srv/web", "/data", true, "ro")]
    [InlineData("/srv/web:/data:rw", "/srv/web", "/data", false, "rw")]
    [InlineData("/srv/web:/data:ro,Z", "/srv/web", "/data", true, "ro,Z")]
    [InlineData("cache:/data", "cache", "/data", false, null)]
    [InlineData("c:/data", "c", "/data", false, null)]
    [InlineData(@"C:\data:/data:ro", @"C:\data", "/data", true, "ro")]
    [InlineData("c:/data:/srv", "c:/data", "/srv", false, null)]
    [InlineData("c:/data:ro", "c", "/data", true, "ro")]
    [InlineData(@"C:\data:D:\data", @"C:\data", @"D:\data", false, null)]
    [InlineData(@"cache:D:\data:ro", "cache", @"D:\data", true, "ro")]
    [InlineData("cache:D:/data", "cache", "D:/data", false, null)]
    [InlineData("C:/a:D:/b", "C:/a", "D:/b", false, null)]
    [InlineData("/srv/my files:/my data", "/srv/my files", "/my data", false, null)]
    public void TryParse_Volume_ReadsAndWrites(string text, string source, string target, bool readOnly, string? options)
    {
        var volume = VolumeMount.TryParse(text);

        Assert.Equal(new VolumeMount(source, target, readOnly, options), volume);
        Assert.Equal(text, volume!.ToString());
    }

    [Theory]
    [InlineData("", "no ':'")]
    [InlineData("/data", "no ':'")]
    [InlineData(":/data", "source is missing")]
    [InlineData("/srv:", "target is missing")]
    [InlineData("./data:/data", "relative")]
    [InlineData("~/data:/data", "relative")]
    [InlineData("data/x:/data", "relative")]
    [InlineData("/srv/../etc:/data", "'..'")]
    [InlineData("/srv:data", "not an absolute path")]
    [InlineData("/srv:/", "root")]
    [InlineData("/srv:/a/../b", "'..'")]
    [InlineData("/srv:/data:readonly", "option 'readonly'")]
    [InlineData("/srv:/data:", "option ''")]
    [InlineData("/srv:/data:ro,rw", "exclude")]
    [InlineData("/srv:/data:ro,ro", "duplicate")]
    [InlineData("/srv:/data:z,Z", "exclude")]
    [InlineData("/a:/b:ro:/c", "more than")]
    [InlineData("my volume:/data", "neither")]
    public void TryParse_SomethingElse_SaysWhy(string text, string fault)
    {
        Assert.Null(VolumeMount.TryParse(text, out var why));
        Assert.Contains(fault, why, StringComparison.Ordinal);
    }
}
