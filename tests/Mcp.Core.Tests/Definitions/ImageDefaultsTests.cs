using Mcp.Core.Definitions;

namespace Mcp.Core.Tests.Definitions;

public sealed class ImageDefaultsTests
{
    [Theory]
    [InlineData("shop", "", "v2", "reg.example:5000/team", "reg.example:5000/team/shop:v2")]
    [InlineData("web", "", "v2", "reg.example:5000/", "reg.example:5000/shop:v2")]
    [InlineData("web", "", null, "reg.example", "reg.example/shop")]
    [InlineData("web", "", "v2", null, "")]
    [InlineData("web", "other/app", "v2", "reg.example", "other/app:v2")]
    [InlineData("web", "reg.example:5000/app", "v2", null, "reg.example:5000/app:v2")]
    [InlineData("web", "other/app:v1", "v2", "reg.example", "other/app:v1")]
    [InlineData("web", "App!", "v2", "reg.example", "App!")]
    [InlineData("web", "other/app", "not a tag", "reg.example", "other/app")]
    public void Resolve_Image_FillsOnlyWhatIsMissing(string component, string image, string? version, string? registry, string expected)
    {
        var definition =
            new ServiceDefinition { Name = "shop", Version = version, Components = [new() { Name = component, Image = image }] };

        Assert.Equal(expected, new ImageDefaults(registry).Resolve(definition).Components[0].Image);
    }

    [Fact]
    public void Resolve_SeveralComponents_TheFirstAndTheEquallyNamedHaveTheServicesImage()
    {
        var definition =
            new ServiceDefinition { Name = "shop", Version = "v2",
                Components = [.. new[] { "web", "shop", "worker" }.Select(n => new ComponentDefinition { Name = n, Image = "" })] };

        Assert.Equal(
            ["reg/shop:v2", "reg/shop:v2", "reg/shop-worker:v2"],
            new ImageDefaults("reg").Resolve(definition).Components.Select(c => c.Image));
    }

    [Fact]
    public void Resolve_Digest_GetsNoTag()
    {
        var image = "app@sha256:" + new string('a', 64);
        var definition = new ServiceDefinition { Name = "shop", Version = "v2", Components = [new() { Name = "web", Image = image }] };

        Assert.Equal(image, new ImageDefaults(null).Resolve(definition).Components[0].Image);
    }

    [Fact]
    public void Read_ShortDefinition_IsCompleteWithDefaultsAndNotWithout()
    {
        const string Text = "name = \"shop\"\nversion = \"v2\"\n[build.images]\nshop = \"Dockerfile\"\n[build.args]\nMODE = " +
            "\"release\"\n[[components]]\nname = \"web\"\n";

        var read = DefinitionReader.Read(Text, "shop.toml", new ImageDefaults("reg.example")).Definition!;
        var problems = DefinitionReader.Read(Text, "shop.toml").Problems;

        Assert.Equal("reg.example/shop:v2", read.Components[0].Image);
        Assert.Equal("release", read.BuildArguments["MODE"]);
        Assert.Contains(problems, p => p.Message.Contains("has no image", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("version = \"\"\n", "version is empty")]
    [InlineData("version = \"a b\"\n", "version 'a b' can't be an image's tag")]
    [InlineData("[build.args]\nVERSION = \"x\"\n", "build.args sets VERSION")]
    [InlineData("[build.args]\n\"1X\" = \"x\"\n", "'1X' is not the name of a build argument")]
    public void Read_BadBuildSettings_AreLocatedProblems(string line, string words)
    {
        var result =
            DefinitionReader.Read("name = \"shop\"\n" + line + "[[components]]\nname = \"web\"\nimage = \"app:v1\"\n", "shop.toml");

        var problem = Assert.Single(result.Problems);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.Equal(line.Contains('[') ? 3 : 2, problem.Line);
    }
}
