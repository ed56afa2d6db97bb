using Mcp.Core;
using Mcp.Core.Collections;

namespace Mcp.Agent.Hosting;

/// <summary>The problems in agent.toml.</summary>
internal sealed class ConfigException(ValueList<Problem> problems) : Exception(string.Join("\n", problems))
{
    public ValueList<Problem> Problems { get; } = problems;
}
