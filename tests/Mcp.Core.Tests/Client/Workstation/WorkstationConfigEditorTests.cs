using Mcp.Core.Client;
using Mcp.Core.Client.Connections;
using Mcp.Core.Client.Workstation;
using Mcp.Testing;

namespace Mcp.Core.Tests.Client.Workstation;

public sealed class WorkstationConfigEditorTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const string Pin = "AA:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:01";

    private const string Written = """
        # Nodes of the office. Ask Ada before changing.
        [[nodes]]
        name = "one"     # the old one
        address = "one"
        token = "t1"

        # bought in May
        [[nodes]]
        address = "https://two:9443"
        name = 'two'
        token = '''
        t2'''

        # where definitions are
        [services]
        dir = "defs"

        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string ConfigPath => Path.Combine(_folder.Path, "conf", "mcp.toml");

    [Fact]
    public void Add_NoFileYet_MakesBothFilesForTheirOwnerOnly()
    {
        Editor().Add(Node("new") with { Fingerprint = CertificateFingerprint.TryParse(Pin) });

        Assert.Equal(
            $"[[nodes]]\nname = \"new\"\naddress = \"https://new:9443\"\nfingerprint = \"{Pin}\"\ntoken_path = \"tokens/new\"\n",
            File.ReadAllText(ConfigPath));
        var node = Assert.Single(Config().Nodes);
        Assert.Equal("tok", node.ReadToken().Reveal());
        Assert.Equal(Pin, node.Fingerprint!.ToString());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(ConfigPath));
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(node.TokenPath!));
        }
        Assert.Empty(Config().Warnings);
        Assert.Equal(
            ["mcp.toml", "new"],
            Directory.GetFiles(Path.GetDirectoryName(ConfigPath)!, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Add_ToAFile_LeavesEveryLineAsItWas()
    {
        Write(Written);
        Editor().Add(Node("three"));

        Assert.Equal(
            Written + "\n[[nodes]]\nname = \"three\"\naddress = \"https://three:9443\"\ntoken_path = \"tokens/three\"\n",
            File.ReadAllText(ConfigPath));
        Assert.Equal(["one", "two", "three"], Config().Nodes.Select(n => n.Name));
    }

    [Fact]
    public void AddThenRemove_GivesTheSameText()
    {
        Write(Written);
        Editor().Add(Node("three"));
        Assert.True(File.Exists(Path.Combine(_folder.Path, "conf", "tokens", "three")));
        Editor().Remove("three");

        Assert.Equal(Written, File.ReadAllText(ConfigPath));
        Assert.False(File.Exists(Path.Combine(_folder.Path, "conf", "tokens", "three")));
    }

    [Fact]
    public void Remove_First_KeepsCommentsAndOthers()
    {
        Write(Written);
        Editor().Remove("ONE");

        Assert.Equal(
            """
            # Nodes of the office. Ask Ada before changing.
            # bought in May
            [[nodes]]
            address = "https://two:9443"
            name = 'two'
            token = '''
            t2'''

            # where definitions are
            [services]
            dir = "defs"

            """,
            File.ReadAllText(ConfigPath));
    }

    [Fact]
    public void Remove_Last_KeepsWhatFollows()
    {
        Write(Written);
        Editor().Remove("two");
        Assert.Equal(["one"], Config().Nodes.Select(n => n.Name));
        Assert.EndsWith("# where definitions are\n[services]\ndir = \"defs\"\n", File.ReadAllText(ConfigPath), StringComparison.Ordinal);
    }

    [Fact]
    public void Edit_WindowsLineEnds_Stay()
    {
        Write(Written.ReplaceLineEndings("\r\n"));
        Editor().Add(Node("three"));
        Editor().Remove("one");
        Assert.DoesNotContain("\n", File.ReadAllText(ConfigPath).Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(["two", "three"], Config().Nodes.Select(n => n.Name));
    }

    [Fact]
    public void Edit_InlineNodes_IsRefusedAndNothingWritten()
    {
        const string inline = "nodes = [{ name = \"one\", address = \"one\", token = \"t\" }]\n";
        Write(inline);
        Assert.Equal("config-not-editable", Assert.Throws<McpException>(() => Editor().Add(Node("two"))).Id);
        Assert.Equal("config-not-editable", Assert.Throws<McpException>(() => Editor().Remove("one")).Id);
        Assert.Equal(inline, File.ReadAllText(ConfigPath));
    }

    [Fact]
    public void Edit_Link_StaysALink()
    {
        if (OperatingSystem.IsWindows())
            return;
        var real = _folder.Write("dotfiles.toml", Written);
        Directory.CreateDirectory(Path.GetDirectoryName(ConfigPath)!);
        File.CreateSymbolicLink(ConfigPath, real);

        Editor().Remove("one");

        Assert.NotNull(new FileInfo(ConfigPath).LinkTarget);
        Assert.DoesNotContain("the old one", File.ReadAllText(real), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ONE", "node-exists")]
    [InlineData("a b", "invalid-name")]
    [InlineData("../x", "invalid-name")]
    public void Add_UnusableName_IsRefused(string name, string id)
    {
        Write(Written);
        Assert.Equal(id, Assert.Throws<McpException>(() => Editor().Add(Node(name))).Id);
        Assert.Equal(Written, File.ReadAllText(ConfigPath));
    }

    [Fact]
    public void Remove_Unknown_Suggests()
    {
        Write(Written);
        Assert.Equal("did you mean 'two'?", Assert.Throws<McpException>(() => Editor().Remove("tow")).Remedy);
    }

    private static NodeEntry Node(string name) =>
        new() { Name = name, Address = new($"https://{(name.All(char.IsLetter) ? name : "host")}:9443"), Token = new("tok") };

    private void Write(string text) => _folder.Write("conf/mcp.toml", text);

    private WorkstationConfig Config() => WorkstationConfig.Load(TestEnvironment.At(_folder.Path), ConfigPath);

    private WorkstationConfigEditor Editor() => new(TestEnvironment.At(_folder.Path), Config());
}
