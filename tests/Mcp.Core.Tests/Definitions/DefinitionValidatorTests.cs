using Mcp.Core.Definitions;

namespace Mcp.Core.Tests.Definitions;

public sealed class DefinitionValidatorTests
{
    private const string Start = "name = 'w'\n[[components]]\nname = 'a'\nimage = 'i'\n";
    private const string Route = "[[components.routes]]\nport = 443\n";

    [Theory]
    [InlineData(
        "Web",
        "x.toml:1:8: 'Web' can't be the name of the service; use lower-case letters, digits and '-', a letter or digit at both ends: " +
        "\"web\"")]
    [InlineData(
        "-web",
        "x.toml:1:8: '-web' can't be the name of the service; use lower-case letters, digits and '-', a letter or digit at both ends: " +
        "\"web\"")]
    [InlineData(
        "a.b",
        "x.toml:1:8: 'a.b' can't be the name of the service; use lower-case letters, digits and '-', a letter or digit at both ends: " +
        "\"a-b\"")]
    [InlineData("", "x.toml:1:8: the service has an empty name; add name = \"...\": lower-case letters, digits and '-'")]
    [InlineData(
        "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg",
        "x.toml:1:8: the name of the service has 64 characters; use at most 63, as DNS does")]
    public void Name_Unusable_IsRefused(string name, string expected) =>
        Assert.Equal([expected], DefinitionCases.Problems(Start.Replace("'w'", $"'{name}'", StringComparison.Ordinal)));

    [Theory]
    [InlineData("node = ''", "node is empty")]
    [InlineData("path = '/srv/web'", "path '/srv/web' is absolute")]
    [InlineData("path = 'C:\\web'", "path 'C:\\web' is absolute")]
    [InlineData("path = 'a/../../b'", "path 'a/../../b' leaves the workspace")]
    [InlineData("path = '~/web'", "path '~/web' begins at a home directory")]
    [InlineData("tier = 'edge'", "x.toml:1:8: tier is 'edge'; write \"core\" or \"worker\"")]
    [InlineData("path = ' '", "path is empty")]
    [InlineData("build.images.j = 'Dockerfile'", "build.images has 'j', but no component uses an image of that name")]
    [InlineData(
        "build.images.'r.example.com/i' = 'Dockerfile'",
        "build.images has 'r.example.com/i', but no component uses an image of that name; write only the repository's last part: i")]
    [InlineData("build.images.i = ''", "build.images.i is empty")]
    [InlineData("build.images.i = 5", "i is an integer, not a string")]
    [InlineData("build = 'Dockerfile'", "build is a string, not a table; write it as [build]")]
    public void TopLevel_BrokenRule_IsRefused(string line, string expected) =>
        Assert.Contains(expected, Assert.Single(DefinitionCases.Problems(line + "\n" + Start)), StringComparison.Ordinal);

    [Theory]
    [InlineData("image = ''", "component 'a' has an empty image")]
    [InlineData("image = 'Team/img'", "'Team/img' is not an image reference: repository names are lower-case")]
    [InlineData("network = 'my net'", "'my net' is not a network name")]
    [InlineData("network = ''", "network is empty")]
    [InlineData("user = ':0'", "':0' is not a user")]
    [InlineData("user = '0:0:0'", "'0:0:0' is not a user")]
    [InlineData(
        "memory = '5m'", "x.toml:5:10: memory: '5m' is less than docker allows; write a number with b, k, m or g behind it, 6m or more")]
    [InlineData("memory = 1024", "memory: '1024' is less than docker allows")]
    [InlineData("memory = '1t'", "memory: '1t' is not a size")]
    [InlineData("memory = '-1g'", "memory: '-1g' is not a size")]
    [InlineData("memory = 'g'", "memory: 'g' is not a size")]
    [InlineData("memory = ''", "memory: '' is not a size")]
    [InlineData("memory = '9999999999g'", "memory: '9999999999g' is not a size")]
    [InlineData("memory = 1.5", "memory is a float, not a string; write a number with b, k, m or g")]
    [InlineData("memory = 6291456", null)]
    [InlineData("restart = 'unless-stoped'", "'unless-stoped' is not a restart policy; did you mean 'unless-stopped'?")]
    [InlineData("restart = 'never'", "'never' is not a restart policy; policies: no, always, unless-stopped, on-failure")]
    [InlineData("restart = 'on-failure:x'", "write how often after on-failure:")]
    [InlineData("ports = ['80']", "'80' is not a port: it has no ':' between host and container port")]
    [InlineData("ports = ['80:80', '127.0.0.1:80:81']", "host port 80 of '127.0.0.1:80:81' is taken by '80:80' of component 'a' (at 5:10)")]
    [InlineData("ports = ['0.0.0.0:80:80', '[::]:80:80']", null)]
    [InlineData(
        "network = 'host'\nports = ['80:80']",
        "x.toml:6:9: component 'a' has ports and network = \"host\", which leaves them without effect; remove ports")]
    [InlineData("volumes = ['data']", "'data' is not a volume: it has no ':' between source and target")]
    [InlineData("volumes = ['/a:/x', 'b:/x/']", "two volumes have the target /x/ (at 5:12)")]
    [InlineData("cmd = 'serve'", "cmd is a string, not an array; write cmd = [\"...\", \"...\"]")]
    [InlineData("cmd = ['a\\u0000b']", null)]
    [InlineData("cmd = [\"a\\u0000b\"]", "argument 1 of cmd contains a NUL character")]
    [InlineData("env = ['A']", "entry 1 of env has no '='")]
    [InlineData("env = ['1A=x']", "the text before '=' in entry 1 of env is not a variable name")]
    [InlineData("env = ['=x']", "the text before '=' in entry 1 of env is not a variable name")]
    [InlineData("env = ['A=1', 'B=1', 'A=2']", "env sets A twice (at 5:8)")]
    [InlineData("env = { A = '1' }", "env is a table, not an array")]
    [InlineData("env = ['PORT=80']", null)]
    public void Component_BrokenRule_IsRefused(string line, string? expected)
    {
        var text = line.StartsWith("image", StringComparison.Ordinal)
            ? Start.Replace("image = 'i'", line, StringComparison.Ordinal)
            : Start + line;
        var problems = DefinitionCases.Problems(text + "\n");

        if (expected is null)
            Assert.Empty(problems);
        else
            Assert.Contains(expected, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("port = 0", "port = 0 is out of range; write a number from 1 to 65535")]
    [InlineData("port = 65536", "port = 65536 is out of range")]
    [InlineData("port = 9223372036854775807", "out of range")]
    [InlineData("port = '443'", "port is a string, not an integer; write a number from 1 to 65535, without quotation marks")]
    [InlineData("mode = 'l4'", "component 'a', route 1 has no port; give its external port on the ingress, 1 to 65535: port = 443")]
    [InlineData("port = 1\nmode = 'tcp'", "mode is 'tcp'")]
    [InlineData("port = 1\nmode = 'L7'", "mode is 'L7'")]
    [InlineData("port = 1\nname = 'a b'", "'a b' can't be the name of a route")]
    [InlineData("port = 1\nhostname = ''", "hostname is empty")]
    [InlineData("port = 1\nhostname = 'https://x.example.com'", "is more than a name: no scheme, port or path")]
    [InlineData("port = 1\nhostname = 'x.example.com:443'", "is more than a name")]
    [InlineData("port = 1\nhostname = 'x_y.example.com'", "is not a DNS name")]
    [InlineData("port = 1\nhostname = '-x.example.com'", "is not a DNS name")]
    [InlineData("port = 1\nhostname = 'x..example.com'", "is not a DNS name")]
    [InlineData("port = 1\nhostname = '10.0.0.1'", "is an address, not a name")]
    public void Route_BrokenRule_IsRefused(string lines, string expected) =>
        Assert.Contains(
            expected, Assert.Single(DefinitionCases.Problems(Start + "[[components.routes]]\n" + lines + "\n")), StringComparison.Ordinal);

    [Fact]
    public void Routes_OneUnnamedAmongSeveral_IsRefused() =>
        Assert.Equal(
            ["x.toml:8:1: component 'a': route 2 of 2 has no name; with more than one route each needs a name; the container gets " +
            "PORT_<NAME>"],
            DefinitionCases.Problems(Start + "[[components.routes]]\nname = 'x'\nport = 1\n[[components.routes]]\nport = 2\n"));

    [Theory]
    [InlineData("web", "web", "component 'a': duplicate route 'web' (at 6:8)")]
    [InlineData("a-b", "a_b", "component 'a': routes 'a-b' (at 6:8) and 'a_b' would both set PORT_A_B")]
    [InlineData("web", "WEB", "component 'a': routes 'web' (at 6:8) and 'WEB' would both set PORT_WEB")]
    public void Routes_SameVariable_AreRefused(string first, string second, string expected) =>
        Assert.Contains(
            expected,
            Assert.Single(
                DefinitionCases.Problems(
                    Start + $"[[components.routes]]\nname = '{first}'\nport = 1\n[[components.routes]]\nname = '{second}'\nport = 2\n")),
                        StringComparison.Ordinal);

    [Theory]
    [InlineData("PORT", "env sets PORT, which the agent sets for the routes; remove it, and let the program listen on $PORT")]
    [InlineData("PORT_SITE", "env sets PORT_SITE, which the agent sets for the routes")]
    public void Env_SetsARoutesVariable_IsRefused(string variable, string expected) =>
        Assert.Contains(
            expected, Assert.Single(DefinitionCases.Problems(Start + $"env = ['{variable}=80']\n{Route}name = 'site'\n")),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("", "", "port 443 of the service's default hostname")]
    [InlineData("hostname = 'x.example.com'", "hostname = 'X.example.com'\nmode = 'l7'", "port 443 of x.example.com")]
    [InlineData("hostname = 'x.example.com'", "", null)]
    [InlineData("hostname = 'x.example.com'", "hostname = 'y.example.com'", null)]
    public void Routes_SameAddressInOneService_AreRefused(string first, string second, string? expected)
    {
        var problems =
            DefinitionCases.Problems(Start + Route + first + "\n[[components]]\nname = 'b'\nimage = 'i'\n" + Route + second + "\n");

        if (expected is null)
            Assert.Empty(problems);
        else
            Assert.Contains(
                "route 1 of component 'b' has the same address as route 1 of component 'a' (at 5:1): " + expected, Assert.Single(problems),
                StringComparison.Ordinal);
    }

    [Fact]
    public void Components_SameName_AreRefused() =>
        Assert.Equal(
            ["x.toml:6:8: duplicate component 'a' (at 3:8); give each component a name of its own"],
            DefinitionCases.Problems(Start + "[[components]]\nname = 'a'\nimage = 'i'\n"));

    [Fact]
    public void Components_SameHostPort_AreRefused() =>
        Assert.Contains(
            "host port 80 of '80:81' is taken by '80:80' of component 'a'",
            Assert.Single(
                DefinitionCases.Problems(Start + "ports = ['80:80']\n[[components]]\nname = 'b'\nimage = 'i'\nports = ['80:81']\n")),
                    StringComparison.Ordinal);

    [Fact]
    public void Validate_DefinitionFromTheWire_HasNoPlacesButNamesTheComponent()
    {
        var definition = new ServiceDefinition
        {
            Name = "w",
            Components = [
                new() { Name = "a", Image = "", Routes = [new() { Port = 0, Mode = (RouteMode)7 }], Ports = [new(null, 0, 80)],
                    Volumes = [new("x", "y", false)] }],
        };

        var problems = DefinitionValidator.Validate(definition);

        Assert.All(problems, p => Assert.Equal((null, 0, 0), (p.File, p.Line, p.Column)));
        Assert.Equal(
            [
                "component 'a' has no image; add image = \"registry/name:tag\", or [registry] address = \"host[:port]\" to mcp.toml, " +
                "where unnamed images come from",
                "component 'a': 'x:y' is not a volume: target 'y' is not an absolute path; write \"source:target\" or " +
                "\"source:target:ro\", source an absolute path or the name of a volume",
                "component 'a', route 1 has no port; give its external port on the ingress, 1 to 65535: port = 443",
                "component 'a', route 1 has an unknown mode; write \"l4\" (TLS passed through) or \"l7\" (TLS ends at the ingress)",
                "component 'a': '0:80' has a port out of range; ports go from 1 to 65535",
            ],
            problems.Select(p => p.ToString()));
    }

    [Fact]
    public void Validate_BadElementBeforeAGoodOne_LocatesTheGoodOnesProblems() =>
        Assert.Equal(
            ["x.toml:5:8: an element of env is an integer, not a string; put it in quotation marks",
                "x.toml:5:19: component 'a': entry 2 of env has no '='; write \"KEY=VALUE\", or \"KEY=\" for an empty value"],
            DefinitionCases.Problems(Start + "env = [1, 'OK=1', 'NOEQUALS']\n"));
}
