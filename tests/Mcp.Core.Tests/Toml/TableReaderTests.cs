using Mcp.Core.Toml;

namespace Mcp.Core.Tests.Toml;

public sealed class TableReaderTests
{
    [Fact]
    public void Read_RightTypes_GivesValuesAndNoProblems()
    {
        var document = TomlDocument.Read(
            """
            listen = "[::]:7443"
            interval = 30
            active = false
            tags = ["a", "b"]
            [build.images]
            web = "Dockerfile"
            [[nodes]]
            name = "n1"
            [[nodes]]
            name = "n2"
            """,
            "mcp.toml");
        var root = document.Root;

        Assert.Equal("[::]:7443", root.RequiredString("listen"));
        Assert.Equal(30, root.Integer("interval", 1, 60));
        Assert.False(root.Boolean("active"));
        Assert.Equal(["a", "b"], root.Strings("tags"));
        Assert.Equal("Dockerfile", root.Table("build")!.StringMap("images")["web"]);
        Assert.Equal(["n1", "n2"], root.Tables("nodes").Select(n => n.RequiredString("name")));
        Assert.Null(root.String("absent"));
        Assert.Null(root.Table("absent"));
        Assert.Empty(root.Tables("absent-too"));
        Assert.Empty(document.Finish());
        Assert.Equal(new TomlPosition(10, 8), document.Source.Locate("nodes[1].name"));
    }

    [Fact]
    public void Read_WrongTypes_SaysWhatItIsAndWhatItShouldBe()
    {
        var document =
            TomlDocument.Read("a = 1\nb = \"true\"\nc = \"1\"\nd = \"x\"\ne = [1, \"y\", {}]\nf = 1\ng = [[1]]\nh = 99\n", "f.toml");
        var root = document.Root;

        Assert.Null(root.String("a"));
        Assert.Null(root.Boolean("b"));
        Assert.Null(root.Integer("c"));
        Assert.Empty(root.Strings("d"));
        Assert.Equal(["y"], root.Strings("e"));
        Assert.Null(root.Table("f"));
        Assert.Empty(root.Tables("g"));
        Assert.Null(root.Integer("h", 1, 60));

        Assert.Equal(
            [
                "f.toml:1:5: a is an integer, not a string; write a = \"...\"",
                "f.toml:2:5: b is a string, not a boolean; write b = true or b = false, without quotation marks",
                "f.toml:3:5: c is a string, not an integer; write c = 1, without quotation marks",
                "f.toml:4:5: d is a string, not an array; write d = [\"...\", \"...\"]",
                "f.toml:5:6: an element of e is an integer, not a string; put it in quotation marks",
                "f.toml:5:14: an element of e is a table, not a string; put it in quotation marks",
                "f.toml:6:5: f is an integer, not a table; write it as [f]",
                "f.toml:7:6: an element of g is an array, not a table; write each as [[g]]",
                "f.toml:8:5: h = 99 is out of range; write a number from 1 to 60",
            ],
            document.Finish().Select(p => p.ToString()));
    }

    [Fact]
    public void Finish_UnknownKeys_NamesTheNearestKnownOne()
    {
        var document = TomlDocument.Read("nmae = \"x\"\nhelth = 1\n[[nodes]]\nadress = \"a\"\n", "f.toml");
        document.Root.RequiredString("name");
        document.Root.Hint("helth", "health belongs into a component");
        document.Root.Tables("nodes")[0].RequiredString("address");

        Assert.Equal(
            [
                "f.toml:1:1: unknown key 'nmae' in the file; did you mean 'name'?",
                "f.toml:2:1: unknown key 'helth' in the file; health belongs into a component",
                "f.toml:4:1: unknown key 'adress' in [[nodes]]; did you mean 'address'?",
            ],
            document.Finish().Select(p => p.ToString()));
    }

    [Fact]
    public void Finish_MissingKey_PointsAtItsTable()
    {
        var document = TomlDocument.Read("x = 1\n\n[[nodes]]\n", "f.toml");
        document.Root.Integer("x");
        document.Root.Tables("nodes")[0].RequiredString("name", "every node needs a name");

        Assert.Equal("f.toml:3:1: [[nodes]] has no 'name'; every node needs a name", Assert.Single(document.Finish()).ToString());
    }

    [Fact]
    public void Read_BrokenValue_IsReportedOnce()
    {
        var document = TomlDocument.Read("name = web\nports = [80\n", "f.toml");
        document.Root.RequiredString("name");
        document.Root.Strings("ports");

        Assert.Equal([1, 2], document.Finish().Select(p => p.Line));
    }

    [Fact]
    public void Finish_Twice_GivesTheSame()
    {
        var document = TomlDocument.Read("x = 1\n", null);

        Assert.Equal(document.Finish(), document.Finish());
    }
}
