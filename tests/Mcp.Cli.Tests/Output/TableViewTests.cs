using Mcp.Cli.Output;

namespace Mcp.Cli.Tests.Output;

public sealed class TableViewTests
{
    [Fact]
    public void Write_WideEnough_AlignsColumnsAndLeavesOutEmptyOnes() =>
        Assert.Equal("NAME    COUNT  NOTE\na           5  x\nlonger    120  y\n", Text(Table(), null));

    [Fact]
    public void Write_Narrow_DropsTheLightestColumn() => Assert.Equal("NAME    COUNT\na           5\nlonger    120\n", Text(Table(), 15));

    [Fact]
    public void Write_VeryNarrow_CutsWhatIsLeft()
    {
        var table = new TableView(new("NAME", 2), new("X", 1));
        table.Add("a-very-long-name-indeed", "x");
        Assert.Equal("NAME\na-very-lo…\n", Text(table, 10));
    }

    [Fact]
    public void Write_SlightlyTooWide_CutsTheWidestInsteadOfDropping()
    {
        var table = new TableView(new("NAME", 2), new("NOTE", 1));
        table.Add("web", "should be running for 2h");
        Assert.Equal("NAME  NOTE\nweb   should be running f…\n", Text(table, 26));
    }

    private static TableView Table()
    {
        var table = new TableView(new("NAME", 3), new("EMPTY", 9), new("COUNT", 2, RightAligned: true), new("NOTE", 1));
        table.Add("a", "", "5", "x");
        table.Add("longer", "", "120", "y");
        return table;
    }

    private static string Text(TableView table, int? width)
    {
        using var writer = new StringWriter();
        table.WriteTo(TestConsole.For(writer), width);
        return string.Join('\n', writer.ToString().ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd()));
    }
}
