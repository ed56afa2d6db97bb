namespace Mcp.Core.Client.Workstation;

/// <summary>Where the workstation's config file is, or would be.</summary>
public static class ConfigLocation
{
    public const string Variable = "MCP_CONFIG";

    /// <param name="named">What the caller named (--config, -Config); null when nothing.</param>
    /// <param name="namedBy">How the caller's users know that parameter.</param>
    public static Setting<string> Find(WorkstationEnvironment environment, string? named, string namedBy = "--config")
    {
        if (!string.IsNullOrEmpty(named))
            return new(environment.Resolve(named, environment.CurrentDirectory), namedBy);
        if (environment.Set(Variable) is { } variable)
            return new(environment.Resolve(variable, environment.CurrentDirectory), Variable);
        return new(Path.Combine(DefaultFolder(environment), "mcp", "mcp.toml"), "default");
    }

    private static string DefaultFolder(WorkstationEnvironment environment)
    {
        if (environment.IsWindows)
            return environment.Set("APPDATA") ?? Path.Combine(environment.HomeDirectory, "AppData", "Roaming");

        // The base directory specification says that a relative XDG_CONFIG_HOME is to be ignored.
        return environment.Set("XDG_CONFIG_HOME") is { } xdg && Path.IsPathRooted(xdg)
            ? xdg : Path.Combine(environment.HomeDirectory, ".config");
    }
}
