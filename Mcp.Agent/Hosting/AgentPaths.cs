namespace Mcp.Agent.Hosting;

/// <summary>Default paths and port.</summary>
internal static class AgentPaths
{
    public const int DefaultPort = 9443;

    public static string ConfigFile { get; } =
        OperatingSystem.IsWindows() ? Path.Combine(ProgramData, "agent.toml") : "/etc/mcp/agent.toml";

    public static string DataDirectory { get; } = OperatingSystem.IsWindows() ? Path.Combine(ProgramData, "agent") : "/var/lib/mcp-agent";

    private static string ProgramData => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "mcp");
}
