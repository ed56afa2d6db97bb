using System.Text;
using Mcp.Agent.Hosting;
using Mcp.Agent.Monitor;
using Mcp.Agent.Ports;
using Mcp.Testing;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Tests.Hosting;

public sealed class AgentConfigReaderTests
{
    [Fact]
    public void Read_Empty_IsAllDefaults()
    {
        var config = Read("");
        Assert.Equal(AgentPaths.DataDirectory, config.DataDirectory);
        Assert.Equal("0.0.0.0:9443", config.Listen.ToString());
        Assert.Equal(new PortRange(10000, 60000), config.Ports.Range);
        Assert.Equal(TimeSpan.FromDays(90), config.Events.MaxAge);
        Assert.Equal(TimeSpan.FromSeconds(3), config.Deploy.StayUp);
        Assert.Null(config.Tls.Certificate);
        Assert.Null(config.Engine.Kind);
    }

    [Fact]
    public void Read_Everything_IsTaken()
    {
        var config = Read("""
            [agent]
            name = "n1"
            data_dir = "data"
            listen = "[::1]:9444"
            [tls]
            certificate = "tls/agent.pem"
            key = "tls/agent.key"
            names = ["n1.example", "10.0.0.1"]
            [engine]
            kind = "docker"
            socket = "unix:///run/docker.sock"
            [ports]
            range = "20000-30000"
            exclude = ["20000", "21000-21010"]
            [deploy]
            stay_up = "1.5s"
            [monitor]
            interval = "10s"
            drift_after = "2m"
            flap_count = 4
            flap_window = "1h"
            alert_command = ["/usr/bin/alert", "--node", "n1"]
            alert_cooldown = "0.5h"
            [events]
            keep = "7d"
            [log]
            level = "debug"
            """);
        var folder = Path.GetDirectoryName(Path.GetFullPath("agent.toml"))!;

        Assert.Equal(("n1", Path.Combine(folder, "data"), "[::1]:9444"), (config.Name, config.DataDirectory, config.Listen.ToString()));
        Assert.Equal(
            new TlsConfig(
                Path.Combine(folder, "tls", "agent.pem"), Path.Combine(folder, "tls", "agent.key")) { Names = ["n1.example", "10.0.0.1"] },
                    config.Tls);
        Assert.Equal(new EngineConfig("docker", "unix:///run/docker.sock"), config.Engine);
        Assert.Equal(new PortOptions { Range = new(20000, 30000), Exclude = [new(20000, 20000), new(21000, 21010)] }, config.Ports);
        Assert.Equal(
            new MonitorOptions
            {
                SweepInterval = TimeSpan.FromSeconds(10),
                DriftAfter = TimeSpan.FromMinutes(2),
                FlappingCount = 4,
                FlappingWindow = TimeSpan.FromHours(1),
                Alert = new() { Command = ["/usr/bin/alert", "--node", "n1"], Cooldown = TimeSpan.FromMinutes(30) },
            },
            config.Monitor);
        Assert.Equal(TimeSpan.FromSeconds(1.5), config.Deploy.StayUp);
        Assert.Equal((TimeSpan.FromDays(7), LogLevel.Debug), (config.Events.MaxAge, config.LogLevel));
    }

    [Theory]
    [InlineData("[agent]\nlisten = \"9443\"", "agent.toml:2:10: '9443' is not an address to listen on")]
    [InlineData("[agent]\nlisten = \"localhost:9443\"", "agent.toml:2:10: 'localhost:9443' is not an address")]
    [InlineData("[agent]\nlisten = \"::1\"", "agent.toml:2:10: '::1' is not an address")]
    [InlineData("[agent]\nlisten = 9443", "agent.toml:2:10: listen is")]
    [InlineData("[agent]\nlisten = \"0.0.0.0:70000\"", "is not an address to listen on")]
    [InlineData("[agent]\ndata_dir = \"\"", "data_dir is empty")]
    [InlineData("[agent]\ndatadir = \"x\"", "unknown key 'datadir' in [agent]; did you mean 'data_dir'?")]
    [InlineData("[agnet]\nname = \"x\"", "unknown key 'agnet'")]
    [InlineData("[tls]\ncertificate = \"a.pem\"", "there is a certificate but no key")]
    [InlineData("[tls]\nkey = \"a.key\"", "there is a key but no certificate")]
    [InlineData("[engine]\nkind = \"lxc\"", "'lxc' is not a known engine")]
    [InlineData("[ports]\nrange = \"60000-10000\"", "'60000-10000' is not a range of ports")]
    [InlineData("[ports]\nrange = \"1-70000\"", "'1-70000' is not a range of ports")]
    [InlineData("[ports]\nexclude = [\"a\"]", "'a' is not a port")]
    [InlineData("[deploy]\nstay_up = \"3\"", "stay_up = \"3\" is not a duration from 0s to 1h")]
    [InlineData("[deploy]\nstay_up = \"2h\"", "is not a duration from 0s to 1h")]
    [InlineData("[monitor]\ninterval = \"30\"", "interval = \"30\" is not a duration")]
    [InlineData("[monitor]\ninterval = \"0s\"", "is not a duration")]
    [InlineData("[monitor]\nflap_count = 1", "out of range")]
    [InlineData("[monitor]\nalert_command = \"rm -rf x\"", "alert_command is")]
    [InlineData("[events]\nkeep = \"forever\"", "is not a duration")]
    [InlineData("[log]\nlevel = \"loud\"", "'loud' is not a log level")]
    public void Read_Mistake_IsLocatedAndHasARemedy(string text, string expected)
    {
        var problem = Assert.Single(Assert.Throws<ConfigException>(() => Read(text)).Problems);
        Assert.Contains(expected, problem.ToString(), StringComparison.Ordinal);
        Assert.True(problem.Line > 0);
        Assert.NotEmpty(problem.Remedy);
    }

    [Fact]
    public void Read_StayUpOfNothing_WaitsForNothing() => Assert.Equal(TimeSpan.Zero, Read("[deploy]\nstay_up = \"0s\"").Deploy.StayUp);

    [Fact]
    public void Read_ManyMistakes_ReportsAllInOrder()
    {
        var error = Assert.Throws<ConfigException>(
            () => Read("[agent]\nlisten = 1\nnam = \"x\"\n[monitor]\ninterval = \"x\"\n[engine]\nkind = \"x\"\n"));
        Assert.Equal([2, 3, 5, 7], error.Problems.Select(problem => problem.Line));
    }

    [Fact]
    public void Read_PackagedExample_IsRightAsItIsAndWithEveryLineUncommented()
    {
        var example = File.ReadAllText(Path.Combine(RepositoryRoot(), "packaging", "agent.toml"));
        Assert.Equal(Read("") with { DataDirectory = "" }, Read(example) with { DataDirectory = "" });

        var uncommented = System.Text.RegularExpressions.Regex.Replace(
            example, "^# (?=[a-z_]+ = )", "", System.Text.RegularExpressions.RegexOptions.Multiline);
        var config = Read(uncommented);
        Assert.Equal(("node1", "podman"), (config.Name, config.Engine.Kind));
        Assert.Equal(Read("").Monitor with { Alert = config.Monitor.Alert }, config.Monitor);
        Assert.Equal((Read("").Events, Read("").Ports.Range, Read("").Deploy), (config.Events, config.Ports.Range, config.Deploy));
    }

    [Fact]
    public void Load_NoFile_NamesItAndTheWayWithoutOne()
    {
        using var folder = new TempFolder();
        var error = Assert.Throws<StartupException>(() => AgentConfigReader.Load(Path.Combine(folder.Path, "none.toml")));
        Assert.Equal(ExitCodes.Usage, error.ExitCode);
        Assert.Contains("none.toml", error.Message, StringComparison.Ordinal);
        Assert.Contains("mcp-agent dev", error.Remedy, StringComparison.Ordinal);
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Mcp.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests don't run inside the repository");
        return folder;
    }

    private static AgentConfig Read(string text) => AgentConfigReader.Read(Encoding.UTF8.GetBytes(text), "agent.toml");
}
