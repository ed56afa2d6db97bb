using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;
using Mcp.Testing;

namespace Mcp.Core.Tests.Client.Workstation;

public sealed class WorkstationConfigTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_FullFile_KeepsValuesAndWhereTheyStand()
    {
        var file = _folder.Write("mcp.toml", """
            # my nodes
            [[nodes]]
            name = "web1"
            address = "https://web1.example:9443"
            fingerprint = "AA:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:01"
            token_path = "tokens/web1"

            [[nodes]]
            name = "web2"
            address = "web2"
            ca_cert = "~/ca.pem"
            token = "s3cret"

            [services]
            dir = "defs"

            [build]
            workspace = "/src"
            """);

        var config = WorkstationConfig.Load(TestEnvironment.At(_folder.Path), "mcp.toml");

        Assert.True(config.Exists);
        Assert.Equal(new Setting<string>(file, "--config"), config.File);
        Assert.Equal(new Setting<string>(Path.Combine(_folder.Path, "defs"), file + ":15"), config.ServicesDirectory);
        Assert.Equal(new Setting<string>("/src", file + ":18"), config.Workspace);
        Assert.Equal(["web1", "web2"], config.Nodes.Select(n => n.Name));
        Assert.Equal(Path.Combine(_folder.Path, "tokens", "web1"), config.Nodes[0].TokenPath);
        Assert.Equal(file + ":2", config.Nodes[0].Source);
        Assert.Equal(Path.Combine(_folder.Path, "home", "ca.pem"), config.Nodes[1].CaCertificatePath);
        Assert.Equal("s3cret", config.Nodes[1].ReadToken().Reveal());
    }

    [Fact]
    public void Load_NoFile_HasDefaultsAndNoNodes()
    {
        var config = WorkstationConfig.Load(TestEnvironment.At(_folder.Path));

        Assert.False(config.Exists);
        Assert.Empty(config.Nodes);
        Assert.Equal(new Setting<string>(Path.Combine(_folder.Path, "home/.config/mcp/services"), "default"), config.ServicesDirectory);
        Assert.Null(config.Workspace);
        var error = Assert.Throws<McpException>(() => config.SelectNode(null));
        Assert.Equal("no-config", error.Id);
        Assert.Contains("mcp node add", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Variables_BeatTheFile()
    {
        _folder.Write("mcp.toml", "[services]\ndir = \"defs\"\n[build]\nworkspace = \"/src\"\n");

        var config = WorkstationConfig.Load(TestEnvironment.At(
            _folder.Path, ("MCP_CONFIG", "mcp.toml"), ("MCP_SERVICES_DIR", "other"), ("MCP_BUILD_WORKSPACE", "/elsewhere")));

        Assert.Equal(new Setting<string>(Path.Combine(_folder.Path, "other"), "MCP_SERVICES_DIR"), config.ServicesDirectory);
        Assert.Equal(new Setting<string>("/elsewhere", "MCP_BUILD_WORKSPACE"), config.Workspace);
    }

    [Fact]
    public void Load_ManyMistakes_ReportsEachWithItsPlace()
    {
        var file = _folder.Write("mcp.toml", """
            [[nodes]]
            name = "web 1"
            address = "http://web1"
            fingerprint = "AB:CD"
            token = "a b"

            [[nodes]]
            name = "web2"
            adress = "web2"
            token = "x"

            [[nodes]]
            name = "WEB2"
            address = "web2"
            fingerprint = 7
            ca_cert = ""
            token = "x"
            token_path = "y"

            [[nodes]]
            name = "web3"
            address = "web3"

            [services]
            dir = ""
            """);

        var error = Assert.Throws<McpException>(() => WorkstationConfig.Load(TestEnvironment.At(_folder.Path), file));

        Assert.Equal((ErrorKind.Definition, "invalid-config"), (error.Kind, error.Id));
        Assert.Equal(
            [
                "2: 'web 1' is not a name for a node",
                "3: 'http://web1' is not encrypted, and agents speak TLS only",
                "4: this is not a SHA-256 fingerprint",
                "5: this is not a token",
                "9: unknown key 'adress' in [[nodes]]",
                "13: node WEB2 is a duplicate, first in line 7",
                "15: fingerprint is an integer, not a string",
                "16: ca_cert is empty",
                "18: a node has token or token_path, not both",
                "20: a node needs a token",
                "25: dir is empty",
            ],
            error.Problems.Select(p => $"{p.Line}: {p.Message}"));
        Assert.All(error.Problems, p => Assert.Equal(file, p.File));
    }

    [Fact]
    public void Load_TokenOthersCanRead_Warns()
    {
        var file = _folder.Write("mcp.toml", "[[nodes]]\nname = \"a\"\naddress = \"a\"\ntoken_path = \"t\"\n");
        var token = _folder.Write("t", "secret-token\n");
        File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var warning = Assert.Single(WorkstationConfig.Load(TestEnvironment.At(_folder.Path), file).Warnings);
        Assert.Equal($"chmod 600 {token}", warning.Remedy);

        File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Empty(WorkstationConfig.Load(TestEnvironment.At(_folder.Path), file).Warnings);
    }

    [Fact]
    public void SelectNode_SeveralAndNoneNamed_NamesThem()
    {
        var config = Load("a", "bee");
        var error = Assert.Throws<McpException>(() => config.SelectNode(null));
        Assert.Equal((ErrorKind.Usage, "node-not-chosen"), (error.Kind, error.Id));
        Assert.Contains("a, bee", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void SelectNode_UnknownName_SuggestsTheNearest()
    {
        var error = Assert.Throws<McpException>(() => Load("web1", "db").SelectNode("wbe1"));
        Assert.Equal((ErrorKind.NotFound, "unknown-node"), (error.Kind, error.Id));
        Assert.Equal("did you mean 'web1'?", error.Remedy);
    }

    [Fact]
    public void SelectNode_OnlyOne_NeedsNoName() => Assert.Equal("only", Load("only").SelectNode(null).Name);

    [Fact]
    public void ToString_OfANode_DoesNotTellItsToken() =>
        Assert.DoesNotContain("s3cret", Load("a").Nodes[0].ToString(), StringComparison.Ordinal);

    [Fact]
    public void ReadToken_NoFile_SaysWhere()
    {
        var node = new NodeConfig { Name = "a", Address = new("https://a:1"), TokenPath = Path.Combine(_folder.Path, "none") };
        var error = Assert.Throws<McpException>(() => node.ReadToken());
        Assert.Contains(node.TokenPath, error.Message, StringComparison.Ordinal);
        Assert.Equal("a", error.Node);
    }

    private WorkstationConfig Load(params string[] nodes)
    {
        var file = _folder.Write(
            "mcp.toml", string.Concat(nodes.Select(n => $"[[nodes]]\nname = \"{n}\"\naddress = \"{n}\"\ntoken = \"s3cret\"\n")));
        return WorkstationConfig.Load(TestEnvironment.At(_folder.Path), file);
    }
}
