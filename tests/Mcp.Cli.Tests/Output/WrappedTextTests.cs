using Mcp.Cli.Output;

namespace Mcp.Cli.Tests.Output;

public sealed class WrappedTextTests
{
    private const string Line =
        "podman run -d --name shop-web --restart no -e A=*** --label mcp.spec=1 img:v1 sh -c 'sleep 1; echo it'\\''s -e done'";

    [Fact]
    public void Command_NoWidth_IsOneLineWithoutTheOptionsThatAreNotWanted() =>
        Assert.Equal(
            [Line.Replace(" --label mcp.spec=1", "", StringComparison.Ordinal)], WrappedText.Command(Line, null, 4, "--label mcp."));

    [Fact]
    public void Command_Narrow_BreaksBeforeOptionsAndArgumentsOnly() =>
        Assert.Equal(
            ["podman run -d --name shop-web \\", "  --restart no -e A=*** img:v1 sh \\", "  -c 'sleep 1; echo it'\\''s -e done'"],
            WrappedText.Command(Line, 44, 4, "--label mcp."));

    [Fact]
    public void Prose_Narrow_FitsBesideItsIndent() =>
        Assert.Equal(
            ["stop-first: its routes keep their", "host ports, as no ingress holds", "the address"],
            WrappedText.Prose("stop-first: its routes keep their host ports, as no ingress holds the address", 40, 7));
}
