using System.Reflection;

namespace Mcp.Agent.Node;

/// <summary>What this agent is called, which build it is and since when it runs.</summary>
internal sealed record AgentIdentity(string Name, string Version, DateTimeOffset StartedAt)
{
    /// <summary>Without the source revision that the SDK appends behind '+'.</summary>
    public static string BuildVersion { get; } =
        typeof(AgentIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? "0.0.0";
}
