using System.Net;
using System.Net.Sockets;
using Mcp.Agent.Registry;
using Mcp.Core.Toml;
using Mcp.Testing;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Tests.Hosting;

/// <summary>What only a process of its own can show: exit codes, signals, what is printed where.</summary>
[Trait("Starts", "programs")]
public sealed class AgentBinaryTests : IDisposable
{
    private const int Interrupt = 2;
    private const int Terminate = 15;

    private readonly TempFolder _folder = new();

    private string Directory => Path.Combine(_folder.Path, "it's dev");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Dev_TwiceOnOneDirectory_GoesOnWhereItWas()
    {
        Uri address;
        string token, config;
        using (var first = AgentBinary.Start("dev", "--dir", Directory, "--name", "n1"))
        {
            address = await first.ReadyAsync();
            token = await File.ReadAllTextAsync(Path.Combine(Directory, "token"));
            config = await File.ReadAllTextAsync(Path.Combine(Directory, "mcp.toml"));
            Assert.Contains("export MCP_CONFIG='", first.Output, StringComparison.Ordinal);
            Assert.Contains("$env:MCP_CONFIG = '", first.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(token.Trim(), first.Output + first.Error, StringComparison.Ordinal);

            using var rival = AgentBinary.Start("dev", "--dir", Directory);
            Assert.Equal(1, await rival.ExitAsync());
            Assert.Contains($"another agent (pid {first.Id})", rival.Error, StringComparison.Ordinal);

            first.Signal(Terminate);
            Assert.Equal(0, await first.ExitAsync());
        }

        // What a person adds to the config stays there.
        await File.AppendAllTextAsync(Path.Combine(Directory, "mcp.toml"), "\n# mine\n");
        using (var second = AgentBinary.Start("dev", "--dir", Directory, "--name", "n1"))
        {
            Assert.Equal(address, await second.ReadyAsync());
            Assert.Equal(token, await File.ReadAllTextAsync(Path.Combine(Directory, "token")));
            Assert.Equal(config + "\n# mine\n", await File.ReadAllTextAsync(Path.Combine(Directory, "mcp.toml")));
            second.Signal(Interrupt);
            Assert.Equal(0, await second.ExitAsync());
        }

        using (var occupied = new TcpListener(IPAddress.Loopback, address.Port))
        {
            occupied.Start();
            using var third = AgentBinary.Start("dev", "--dir", Directory, "--name", "n1");
            var elsewhere = await third.ReadyAsync();
            Assert.NotEqual(address, elsewhere);
            Assert.Equal(
                (config + "\n# mine\n").Replace($":{address.Port}\"", $":{elsewhere.Port}\"", StringComparison.Ordinal),
                await File.ReadAllTextAsync(Path.Combine(Directory, "mcp.toml")));
        }
    }

    [Fact]
    public async Task Dev_DatabaseOfAnOlderAgent_IsMigratedAndKept()
    {
        var database = _folder.File("it's dev", "agent", "registry.db");
        using (var old = new SqliteConnection($"Data Source={database};Pooling=False"))
        {
            old.Open();
            old.Execute(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Registry", "Data", "schema5.sql")));
        }

        using var agent = AgentBinary.Start("dev", "--dir", Directory, "--name", "n1");
        await agent.ReadyAsync();

        Assert.True(File.Exists(database + ".schema5"));
        using var migrated = new SqliteConnection($"Data Source={database};Mode=ReadOnly;Pooling=False");
        migrated.Open();
        Assert.Equal(Migrations.All[^1].Version, migrated.Number("PRAGMA user_version"));
    }

    /// <summary>The agent leaves the CAs of the machine unread; podman needs them to pull images.</summary>
    [Fact]
    public async Task Dev_OwnPodmanService_HasTheSameCas()
    {
        // With an engine that runs already, it starts none.
        if (OperatingSystem.IsWindows() || File.Exists("/run/podman/podman.sock") || File.Exists("/var/run/docker.sock"))
            return;
        var seen = _folder.File("environment");
        // Written at once: a file that is there is whole.
        var podman = _folder.Write(
            "bin/podman", $"#!/bin/sh\n/usr/bin/env > '{seen}.part'\n/bin/mv '{seen}.part' '{seen}'\nexit 1\n");
        File.SetUnixFileMode(podman, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var environment = new Dictionary<string, string> { ["PATH"] = Path.GetDirectoryName(podman)! };

        using var agent = AgentBinary.Start(environment, "dev", "--dir", Directory);
        await agent.ReadyAsync();
        await Eventually.TrueAsync(
            () => Task.FromResult(File.Exists(seen)), TimeSpan.FromSeconds(60), () => "podman was not started: " + agent.Output);

        var told = await File.ReadAllTextAsync(seen);
        Assert.Contains("PATH=", told, StringComparison.Ordinal);
        Assert.DoesNotContain("/dev/null", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dev_ClientConfig_NamesWhatAClientNeedsAndIsPrivate()
    {
        using var agent = AgentBinary.Start("dev", "--dir", Directory, "--name", "n1");
        var address = await agent.ReadyAsync();
        var path = Path.Combine(Directory, "mcp.toml");
        var document = TomlDocument.Read(await File.ReadAllTextAsync(path), path);
        var node = Assert.Single(document.Root.Tables("nodes"));

        Assert.Equal(("n1", address.AbsoluteUri.TrimEnd('/')), (node.String("name"), node.String("address")));
        Assert.Equal(Path.Combine(Directory, "token"), node.String("token_path"));
        Assert.Matches("^([0-9A-F]{2}:){31}[0-9A-F]{2}$", node.String("fingerprint"));
        Assert.Equal(Path.Combine(Directory, "services"), document.Root.Table("services")!.String("dir"));
        Assert.Empty(document.Finish());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task Run_BadConfiguration_IsExitCode2WithEveryProblem()
    {
        var config = _folder.Write("agent.toml", "[agent]\nlisten = 1\nnam = \"x\"\n");
        var (exitCode, output, error) = await AgentBinary.RunAsync("run", "--config", config);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains($"{config}:2:10: ", error, StringComparison.Ordinal);
        Assert.Contains($"{config}:3:1: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PortTaken_SaysSoWithARemedyAndLeavesTheLockFree()
    {
        using var occupied = new TcpListener(IPAddress.Loopback, 0);
        occupied.Start();
        var config = Config(((IPEndPoint)occupied.LocalEndpoint).Port);
        var (exitCode, _, error) = await AgentBinary.RunAsync("run", "--config", config);

        Assert.Equal(1, exitCode);
        Assert.Contains("another program listens there", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.Path, "data", "agent.pid")));
    }

    [Fact]
    public async Task Run_CertificateMissing_IsExitCode2()
    {
        var config = Config(1, "[tls]\ncertificate = \"none.pem\"\nkey = \"none.key\"\n");
        var (exitCode, _, error) = await AgentBinary.RunAsync("run", "--config", config);
        Assert.Equal(2, exitCode);
        Assert.Contains("none.pem", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_CreateListRevoke_ShowsTheTokenOnce()
    {
        var config = Config(1);
        var created = await AgentBinary.RunAsync("token", "create", "--name", "alice", "--role", "operator", "--config", config);
        Assert.Equal(0, created.ExitCode);
        Assert.Matches("^mcp_[A-Za-z0-9_-]{43}\n$", created.Output);

        var listed = await AgentBinary.RunAsync("token", "list", "--config", config);
        Assert.Contains("alice  operator", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("mcp_", listed.Output, StringComparison.Ordinal);

        Assert.Equal(0, (await AgentBinary.RunAsync("token", "revoke", "alice", "--config", config)).ExitCode);
        Assert.Equal(1, (await AgentBinary.RunAsync("token", "revoke", "alice", "--config", config)).ExitCode);
    }

    [Theory]
    [InlineData("--nonsense")]
    [InlineData("dev")]
    [InlineData("dev", "--dir", "x", "--port", "70000")]
    [InlineData("dev", "--dir", "x", "--stay-up", "soon")]
    [InlineData("token", "create", "--name", "x", "--role", "king", "--dir", "x")]
    [InlineData("token", "list", "--dir", "x", "--config", "y")]
    [InlineData("run", "--config", "/nowhere/agent.toml")]
    public async Task Arguments_Wrong_AreExitCode2(params string[] arguments)
    {
        using var error = new StringWriter();
        Assert.Equal(2, await Mcp.Agent.Hosting.Commands.CommandLine.RunAsync(arguments, TextWriter.Null, error));
        Assert.StartsWith("error: ", error.ToString(), StringComparison.Ordinal);
    }

    private string Config(int port, string more = "") =>
        _folder.Write("agent.toml", $"[agent]\ndata_dir = \"data\"\nlisten = \"127.0.0.1:{port}\"\n{more}");
}
