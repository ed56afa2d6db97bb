using Mcp.Core.Collections;
using Mcp.Core.Definitions;

namespace Mcp.Core.Tests.Definitions;

public sealed class DefinitionReaderTests
{
    [Fact]
    public void ReadFile_EveryKey_GivesTheModel()
    {
        var result = DefinitionReader.ReadFile(DefinitionCases.Path("full.toml"));

        Assert.Empty(result.Problems);
        var expected = new ServiceDefinition
        {
            Name = "shop",
            Node = "vps-1",
            Active = false,
            Path = "services/shop",
            BuildImages = new ValueMap([new("shop-api", "api/Dockerfile"), new("shop-web", "Dockerfile")]),
            Components =
            [
                new()
                {
                    Name = "web",
                    Image = "registry.example.com:5000/team/shop-web:v1.2.0",
                    Network = "shop",
                    User = "0:0",
                    Restart = "on-failure:5",
                    Ports = [new("127.0.0.1", 8080, 80), new("::1", 8080, 80), new(null, 53, 53, "udp")],
                    Volumes =
                        [new("/srv/shop", "/data", false), new("cache", "/var/cache", true, "ro,z"), new(@"C:\shop\logs", "/logs", false)],
                    Command = ["serve", "--title", "a \"quoted\" word", ""],
                    Environment = ["MODE=production", "EMPTY=", "URL=https://example.com/?a=b", "discovery.type=single-node"],
                    Routes =
                    [
                        new() { Name = "site", Port = 443, Mode = RouteMode.L7, Hostname = "shop.example.com" },
                        new() { Name = "grpc-api", Port = 8443 },
                    ],
                    Health = new()
                    {
                        Http = "/healthz", Status = 204, Host = "shop.example.com", Route = "site",
                            Interval = TimeSpan.FromMilliseconds(500), Timeout = TimeSpan.FromSeconds(2),
                        Retries = 5, StartPeriod = TimeSpan.FromMinutes(1), StayUp = TimeSpan.FromSeconds(10),
                    },
                },
                new()
                {
                    Name = "migrate",
                    Image = "registry.example.com:5000/team/shop-api:v1.2.0",
                    Kind = ComponentKind.Task,
                    Timeout = TimeSpan.FromMinutes(5),
                    Command = ["migrate"],
                },
                new()
                {
                    Name = "shop",
                    DependsOn = ["migrate"],
                    Strategy = DeployStrategy.StartFirst,
                    Drain = TimeSpan.FromSeconds(5),
                    StopTimeout = TimeSpan.FromSeconds(30),
                    Image =
                        "registry.example.com:5000/team/shop-api:v1.2.0@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                    Routes = [new() { Port = 9443 }],
                    Health = new() { Exec = ["/bin/check", "--all"] },
                },
            ],
        };
        Assert.Equal(expected, result.Definition);
    }

    [Fact]
    public void ReadFile_Minimum_TakesDefaults()
    {
        var definition = DefinitionReader.ReadFile(DefinitionCases.Path("minimal.toml")).Definition!;

        Assert.True(definition.Active);
        Assert.Null(definition.Node);
        Assert.Equal("mc-proxy", definition.SourcePath);
        Assert.Equal("unless-stopped", Assert.Single(definition.Components).RestartPolicy);
    }

    [Fact]
    public void ReadFile_ManyMistakes_ReportsEachWithItsPlace()
    {
        var result = DefinitionReader.ReadFile(DefinitionCases.Path("ten-mistakes.toml"));

        Assert.Null(result.Definition);
        var lines = result.Problems.Select(p => (p with { File = "ten-mistakes.toml" }).ToString());
        Assert.Equal(DefinitionCases.Text("ten-mistakes.txt").TrimEnd().Split('\n'), lines);
    }

    [Fact]
    public void Read_EmptyText_SaysWhatIsMissing() =>
        Assert.Equal(
            [
                "x.toml:1:1: the service has no name; add name = \"...\": lower-case letters, digits and '-'",
                "x.toml:1:1: the service has no components; add [[components]] with name and image",
            ],
            DefinitionCases.Problems(""));

    [Fact]
    public void Read_SyntaxErrors_DoNotHideBrokenRules() =>
        Assert.Equal(
            [
                "x.toml:1:8: this is neither text in quotation marks nor a number, a boolean or a date; put text in quotation marks: " +
                "\"text\"",
                "x.toml:4:1: component 'a' has no image; add image = \"registry/name:tag\", or [registry] address = \"host[:port]\" to " +
                "mcp.toml, where unnamed images come from",
                "x.toml:6:18: expected ',' or ']' in the array, found '\"'; separate values with commas and close the array with ]",
                "x.toml:7:8: component 'a': '0 0' is not a user; write uid, uid:gid or names, e.g. \"1000:1000\"",
            ],
            DefinitionCases.Problems(
                "name = web\npath = 'x'\n\n[[components]]\nname = 'a'\nports = [\"80:80\" \"81:81\"]\nuser = \"0 0\"\n"));

    [Fact]
    public void Read_BrokenComponentsHeader_IsNotCalledMissing() =>
        Assert.Equal(
            [2], DefinitionReader.Read("name = 'web'\n[[comp onents]]\nname = 'a'\n[[", null).Problems.Take(1).Select(p => p.Line));

    [Theory]
    [InlineData("image = 'x'\n", "unknown key 'image' in the file; 'image' belongs to a component: move it below its [[components]]")]
    [InlineData(
        "hostname = 'x'\n", "unknown key 'hostname' in the file; 'hostname' belongs to a route: move it below its [[components.routes]]")]
    public void Read_KeyOfAnotherTableAtTheTop_SaysWhereItBelongs(string line, string expected) =>
        Assert.Equal(["x.toml:1:1: " + expected], DefinitionCases.Problems(line + "name = 'w'\n[[components]]\nname = 'a'\nimage = 'i'\n"));

    [Theory]
    [InlineData(
        "node = 'x'\n", "unknown key 'node' in [[components.routes]]; 'node' belongs to the service: move it above the first [header]")]
    [InlineData(
        "env = ['A=1']\n",
        "unknown key 'env' in [[components.routes]]; 'env' belongs to the component: move it above its [[components.routes]]")]
    [InlineData("ports = 1\n", "unknown key 'ports' in [[components.routes]]; did you mean 'port'?")]
    public void Read_KeyOfAnotherTableInARoute_SaysWhereItBelongs(string line, string expected) =>
        Assert.Equal(
            ["x.toml:7:1: " + expected],
            DefinitionCases.Problems("name = 'w'\n[[components]]\nname = 'a'\nimage = 'i'\n[[components.routes]]\nport = 443\n" + line)
                .Where(p => p.Contains("unknown", StringComparison.Ordinal)));

    [Theory]
    [InlineData("command = ['x']\n", "did you mean 'cmd'?")]
    [InlineData("environment = ['A=1']\n", "did you mean 'env'?")]
    [InlineData("volume = ['/a:/b']\n", "did you mean 'volumes'?")]
    [InlineData("active = true\n", "'active' belongs to the service: move it above the first [header]")]
    [InlineData("mode = 'l4'\n", "'mode' belongs to a route: move it below its [[components.routes]]")]
    [InlineData("healthcheck = 1\n", "did you mean 'health'?")]
    [InlineData(
        "zzz = 1\n",
        "known keys: name, image, network, user, restart, memory, kind, depends_on, strategy, drain, stop_timeout, timeout, ports, " +
        "volumes, cmd, env, health, routes")]
    public void Read_UnknownKeyInAComponent_SaysWhatToWrite(string line, string expected) =>
        Assert.EndsWith(
            expected, Assert.Single(DefinitionCases.Problems("name = 'w'\n[[components]]\nname = 'a'\nimage = 'i'\n" + line)),
            StringComparison.Ordinal);

    [Fact]
    public void ReadFile_NoSuchFile_IsAProblem()
    {
        var problem = Assert.Single(DefinitionReader.ReadFile(DefinitionCases.Path("absent.toml")).Problems);

        Assert.EndsWith(
            "absent.toml: the definition does not exist; check the path, or create the file", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadFile_Directory_IsAProblem() =>
        Assert.Equal("name a file, not a directory", Assert.Single(DefinitionReader.ReadFile(DefinitionCases.Path(".")).Problems).Remedy);

    [Fact]
    public void Read_SecretWithoutKey_IsNotRepeated()
    {
        var text =
            "name = 'w'\n[[components]]\nname = 'a'\nimage = 'i'\nenv = ['hunter2', 'hunter2/=x', 'A B=hunter2', 'T=hunter2', " +
            "'T=hunter2']\ncmd = [hunter2]\n";

        var problems = DefinitionCases.Problems(text).ToArray();

        Assert.Equal(5, problems.Length);
        Assert.DoesNotContain(problems, p => p.Contains("hunter2", StringComparison.Ordinal));
    }
}
