using Mcp.Core.Toml;

namespace Mcp.Core.Tests.Toml;

public sealed class TomlWriterTests
{
    [Fact]
    public void Write_TablesAndValues_LooksLikeAPersonWroteIt()
    {
        var inner = new TomlTable();
        inner.Add("web", TomlScalar.Of("Dockerfile"));
        var build = new TomlTable();
        build.Add("images", inner);
        var component = new TomlTable();
        component.Add("name", TomlScalar.Of("web"));
        component.Add("cmd", new TomlArray(Enumerable.Range(0, 8).Select(i => TomlScalar.Of($"argument number {i}"))));
        var root = new TomlTable();
        root.Add("build", build);
        root.Add("components", new TomlArray([component]));
        root.Add("name", TomlScalar.Of("hello"));
        root.Add("a key", TomlScalar.Of(1.0));

        Assert.Equal(
            """
            name = "hello"
            "a key" = 1.0

            [build.images]
            web = "Dockerfile"

            [[components]]
            name = "web"
            cmd = [
              "argument number 0",
              "argument number 1",
              "argument number 2",
              "argument number 3",
              "argument number 4",
              "argument number 5",
              "argument number 6",
              "argument number 7",
            ]

            """,
            TomlWriter.Write(root));
    }

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("C:\\data", "'C:\\data'")]
    [InlineData("{\"a\": 1}", "'{\"a\": 1}'")]
    [InlineData("it's \"x\"", "\"it's \\\"x\\\"\"")]
    [InlineData("a\nb\u0001\u007f", "\"a\\nb\\u0001\\u007F\"")]
    [InlineData("Zürich \U0001F600", "\"Zürich \U0001F600\"")]
    public void Value_String_PicksTheQuotationMarks(string text, string expected) =>
        Assert.Equal(expected, TomlWriter.Value(TomlScalar.Of(text)));

    [Theory]
    [InlineData(1e100)]
    [InlineData(-0.0)]
    [InlineData(0.1)]
    [InlineData(double.MaxValue)]
    [InlineData(double.Epsilon)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.NaN)]
    public void Value_Float_ReadsBack(double value)
    {
        var result = TomlReader.Read("x = " + TomlWriter.Value(TomlScalar.Of(value)));

        Assert.Empty(result.Errors);
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits((double)((TomlScalar)result.Root["x"]!).Value));
    }
}
