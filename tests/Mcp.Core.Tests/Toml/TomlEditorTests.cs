using Mcp.Core.Toml;

namespace Mcp.Core.Tests.Toml;

public sealed class TomlEditorTests
{
    private const string Written = """
        # The shop.
        name = 'shop'   # our name
        version = "v1"  # bump me

        [build.images]
        shop = "Dockerfile"

        # the front
        [[components]]
        name = "web"
        image = "reg/web:v1" # first
          env = ["A=1"]

        [components.health]
        http = "/healthz"

        [[components.routes]]
        port = 443

        # the back
        [[components]]
        name = "api"
        health = { tcp = true } # plain

        """;

    [Theory]
    [InlineData("", "version", "version = \"v1\"  # bump me", "version = \"v2\"  # bump me")]
    [InlineData("components[0]", "image", "image = \"reg/web:v1\" # first", "image = \"v2\" # first")]
    [InlineData("components[0].routes[0]", "port", "port = 443", "port = \"v2\"")]
    [InlineData("components[1].health", "tcp", "{ tcp = true } # plain", "{ tcp = \"v2\" } # plain")]
    [InlineData("components[0]", "user", "  env = [\"A=1\"]\n", "  env = [\"A=1\"]\n  user = \"v2\"\n")]
    [InlineData("build.images", "shop-db", "shop = \"Dockerfile\"\n", "shop = \"Dockerfile\"\nshop-db = \"v2\"\n")]
    [InlineData("", "node", "# bump me\n", "# bump me\nnode = \"v2\"\n")]
    public void Set_Key_ChangesNothingElse(string table, string key, string before, string after)
    {
        foreach (var written in new[] { Written, Written.ReplaceLineEndings("\r\n"), "\uFEFF" + Written })
        {
            var editor = new TomlEditor(written);

            Assert.True(editor.Set(table, key, TomlScalar.Of("v2")));

            var ends = written.Contains('\r', StringComparison.Ordinal) ? "\r\n" : "\n";
            Assert.Equal(
                written.Replace(before.ReplaceLineEndings(ends), after.ReplaceLineEndings(ends), StringComparison.Ordinal), editor.Text);
        }
    }

    [Theory]
    [InlineData("components[2]")]
    [InlineData("build")]
    [InlineData("components[1].health")]
    public void Set_NewKeyWhereThereIsNoTableWithLines_IsRefused(string table)
    {
        var editor = new TomlEditor(Written);

        Assert.False(editor.Set(table, "x", TomlScalar.Of(1)));
        Assert.Equal(Written, editor.Text);
    }

    [Fact]
    public void Set_LastLineWithoutEnd_StartsANewLine()
    {
        var editor = new TomlEditor("a = 1");
        editor.Set("", "b", TomlScalar.Of(2));

        Assert.Equal("a = 1\nb = 2\n", editor.Text);
    }

    [Fact]
    public void Remove_Key_TakesItsLineOnly()
    {
        var editor = new TomlEditor(Written);

        Assert.True(editor.Remove("components[0].env"));
        Assert.False(editor.Remove("components[0].env"));
        Assert.Equal(Written.Replace("  env = [\"A=1\"]\n", "", StringComparison.Ordinal), editor.Text);
    }

    [Fact]
    public void Remove_Element_TakesItsTablesAndKeepsTheCommentOfTheNext()
    {
        var editor = new TomlEditor(Written);

        Assert.True(editor.Remove("components[0]"));

        Assert.Equal(
            Written[..Written.IndexOf("[[components]]", StringComparison.Ordinal)] +
            Written[Written.IndexOf("# the back", StringComparison.Ordinal)..], editor.Text);
        Assert.True(editor.Set("components[0]", "name", TomlScalar.Of("db")));
        Assert.Contains("name = \"db\"\nhealth", editor.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void AppendAndRemove_Element_GiveTheSameText()
    {
        var editor = new TomlEditor(Written);

        editor.Append("components", new TomlTable { { "name", TomlScalar.Of("db") } });
        Assert.Equal(Written + "\n[[components]]\nname = \"db\"\n", editor.Text);
        Assert.True(editor.Remove("components[2]"));
        Assert.Equal(Written, editor.Text);
    }

    [Fact]
    public void Create_TextWithErrors_Throws() => Assert.Throws<FormatException>(() => new TomlEditor("a = "));
}
