using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;
using Mcp.Testing;

namespace Mcp.Core.Tests.Client.Workstation;

public sealed class ImageSettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_BuildAndRegistry_KeepsValuesAndWhereTheyStand()
    {
        var file = _folder.Write("mcp.toml", """
            [build]
            workspace = "src"
            engine = "docker"
            [registry]
            address = "registry.lan:5000/team"
            kind = "oci"
            [registry.hosts."registry.lan:5000"]
            ca_cert = "ca.pem"
            [registry.hosts."127.0.0.1:5000"]
            insecure = true
            """);

        var config = Load();

        Assert.Equal(new Setting<string>("docker", file + ":3"), config.Engine);
        Assert.Equal(new Setting<string>("registry.lan:5000/team", file + ":5"), config.Registry.Address);
        Assert.Equal(new Setting<ImageRegistryKind>(ImageRegistryKind.Oci, file + ":6"), config.Registry.Kind);
        Assert.Equal("registry.lan:5000/team", config.ImageDefaults.Registry);
        Assert.Equal(
            [new("registry.lan:5000", false, Path.Combine(_folder.Path, "ca.pem"), file + ":7"),
                new("127.0.0.1:5000", true, null, file + ":9")],
            config.Registry.Hosts);
    }

    [Fact]
    public void Load_Overrides_BeatVariablesWhichBeatTheFile()
    {
        _folder.Write("mcp.toml", "[build]\nworkspace = \"a\"\nengine = \"podman\"\n[registry]\naddress = \"a.lan\"\nkind = \"oci\"\n");
        var overrides = new WorkstationOverrides { Workspace = new("c", "--workspace"), Registry = new("c.lan", "--registry") };

        var config = Load(
            overrides, ("MCP_BUILD_WORKSPACE", "b"), ("MCP_BUILD_ENGINE", "docker"), ("MCP_REGISTRY_ADDRESS", "b.lan"),
            ("MCP_REGISTRY_KIND", "none"));

        Assert.Equal(new Setting<string>(Path.Combine(_folder.Path, "c"), "--workspace"), config.Workspace);
        Assert.Equal(new Setting<string>("docker", "MCP_BUILD_ENGINE"), config.Engine);
        Assert.Equal(new Setting<string>("c.lan", "--registry"), config.Registry.Address);
        Assert.Equal(new Setting<ImageRegistryKind>(ImageRegistryKind.None, "MCP_REGISTRY_KIND"), config.Registry.Kind);
        Assert.Equal("localhost", config.ImageDefaults.Registry);
    }

    [Fact]
    public void Load_EnginePath_IsRelativeToWhereItWasSaid()
    {
        _folder.Write("sub/mcp.toml", "[build]\nengine = \"./bin/podman\"\n");
        Assert.Equal(
            Path.Combine(_folder.Path, "sub/bin/podman"),
            WorkstationConfig.Load(TestEnvironment.At(_folder.Path), "sub/mcp.toml").Engine!.Value);

        var overrides = new WorkstationOverrides { Engine = new("bin/podman", "--engine") };
        Assert.Equal(
            Path.Combine(_folder.Path, "bin/podman"),
            WorkstationConfig.Load(TestEnvironment.At(_folder.Path), "sub/mcp.toml", overrides: overrides).Engine!.Value);
    }

    [Fact]
    public void Load_Mistakes_AreAllToldWithTheirPlaces()
    {
        _folder.Write("mcp.toml", """
            [build]
            engine = ""
            [registry]
            address = "https://registry.lan"
            kind = "docker"
            [registry.hosts."no host"]
            insecure = true
            [registry.hosts."registry.lan"]
            insecure = true
            ca_cert = "ca.pem"
            insecrue = true
            """);

        var problems = Assert.Throws<McpException>(() => Load()).Problems;

        Assert.Equal([2, 4, 5, 6, 10, 11], problems.Select(p => p.Line));
    }

    [Theory]
    [InlineData("MCP_REGISTRY_ADDRESS", "https://x.lan", "invalid-registry")]
    [InlineData("MCP_REGISTRY_ADDRESS", "nohost", "invalid-registry")]
    [InlineData("MCP_REGISTRY_KIND", "docker", "invalid-registry-kind")]
    public void Load_VariableMakesNoSense_IsNamed(string variable, string value, string id)
    {
        var error = Assert.Throws<McpException>(() => Load(null, (variable, value)));
        Assert.Equal((ErrorKind.Usage, id), (error.Kind, error.Id));
        Assert.Contains(variable, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_NamesEverySettingAndItsSource_AndNoToken()
    {
        var file = _folder.Write(
            "mcp.toml", "[[nodes]]\nname = \"a\"\naddress = \"a\"\ntoken = \"s3cret\"\n[registry.hosts.\"r:5000\"]\ninsecure = true\n");

        var lines = Load(null, ("MCP_BUILD_WORKSPACE", "/src")).Describe();

        Assert.Contains(new SettingLine("build.workspace", "/src", "MCP_BUILD_WORKSPACE"), lines);
        Assert.Contains(new SettingLine("build.engine", null, "default"), lines);
        Assert.Contains(new SettingLine("registry.kind", "oci", "default"), lines);
        Assert.Contains(new SettingLine("registry.hosts.\"r:5000\".insecure", "true", file + ":5"), lines);
        Assert.Contains(new SettingLine("nodes.a.token", "***", file + ":1"), lines);
        Assert.DoesNotContain(lines, l => l.ToString().Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public void OpenServices_FillsImagesFromTheRegistry()
    {
        _folder.Write(
            "services/shop.toml", "name = \"shop\"\nversion = \"v3\"\n[[components]]\nname = \"web\"\n[[components]]\nname = \"worker\"\n");

        var definition = Load(null, ("MCP_REGISTRY_ADDRESS", "r.lan/team")).OpenServices(TestEnvironment.At(_folder.Path))
            .Read("shop").Definition;

        Assert.Equal(["r.lan/team/shop:v3", "r.lan/team/shop-worker:v3"], definition.Components.Select(c => c.Image));
    }

    private WorkstationConfig Load(WorkstationOverrides? overrides = null, params (string, string)[] variables)
    {
        var environment = TestEnvironment.At(_folder.Path, variables);
        return WorkstationConfig.Load(environment, Path.Combine(_folder.Path, "mcp.toml"), overrides: overrides);
    }
}
