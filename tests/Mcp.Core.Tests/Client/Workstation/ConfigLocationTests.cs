using Mcp.Core.Client.Workstation;

namespace Mcp.Core.Tests.Client.Workstation;

public sealed class ConfigLocationTests
{
    private const string Here = "/work/here";

    [Fact]
    public void Find_NothingSaid_IsBelowHome() =>
        Assert.Equal(
            new Setting<string>("/work/here/home/.config/mcp/mcp.toml", "default"), ConfigLocation.Find(TestEnvironment.At(Here), null));

    [Fact]
    public void Find_XdgConfigHome_IsHonoured() =>
        Assert.Equal("/etc/me/mcp/mcp.toml", ConfigLocation.Find(TestEnvironment.At(Here, ("XDG_CONFIG_HOME", "/etc/me")), null).Value);

    [Fact]
    public void Find_RelativeXdgConfigHome_IsIgnored() =>
        Assert.Equal(
            "/work/here/home/.config/mcp/mcp.toml", ConfigLocation.Find(TestEnvironment.At(Here, ("XDG_CONFIG_HOME", "me")), null).Value);

    [Fact]
    public void Find_Variable_BeatsDefaultAndIsRelativeToCurrentFolder() =>
        Assert.Equal(
            new Setting<string>("/work/here/my.toml", "MCP_CONFIG"),
            ConfigLocation.Find(TestEnvironment.At(Here, ("MCP_CONFIG", "my.toml")), null));

    [Fact]
    public void Find_Named_BeatsVariable() =>
        Assert.Equal(
            new Setting<string>("/work/here/home/x.toml", "-Config"),
            ConfigLocation.Find(TestEnvironment.At(Here, ("MCP_CONFIG", "my.toml")), "~/x.toml", "-Config"));

    [Fact]
    public void Find_Windows_IsInAppData() =>
        Assert.StartsWith(
            "/appdata", ConfigLocation.Find(TestEnvironment.At(Here, ("APPDATA", "/appdata")) with { IsWindows = true }, null).Value,
            StringComparison.Ordinal);
}
