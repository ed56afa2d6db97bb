using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>The host paths that containers mount. Where a path is missing the engines' API makes an empty folder that belongs to root,
/// which hides a mistake.</summary>
internal static class MountSources
{
    /// <exception cref="AgentException">A container that the plan creates mounts host paths that do not exist; the message names all of
    /// them.</exception>
    public static void Require(Plan plan)
    {
        var missing = plan.Steps
            .SelectMany(s => s.Spec?.Mounts.Select(m => (s.Component, Path: m.Source)) ?? [])
            .Where(m => IsHostPath(m.Path) && !Exists(m.Path)).Distinct().ToList();
        if (missing.Count > 0)
            throw new AgentException(
                AgentError.MountMissing,
                string.Join("\n", missing.Select(m => $"{plan.Service}/{m.Component}: volumes: {m.Path} does not exist on this node")),
                "create it on the node with the owner and the mode that the container needs, or correct `volumes`; an engine volume "
                + "(a name instead of a path) needs no preparation");
    }

    /// <summary>Not a volume's name, and not a path of another kind of system than the agent's: that one is the engine's virtual
    /// machine's.</summary>
    private static bool IsHostPath(string source) => Path.IsPathFullyQualified(source);

    // As a systemd service with PrivateTmp the agent has a /tmp of its own; the engine, and the container with it, sees the host's.
    private static bool Exists(string path) => Path.Exists(path) || (OperatingSystem.IsLinux() && Path.Exists("/proc/1/root" + path));
}
