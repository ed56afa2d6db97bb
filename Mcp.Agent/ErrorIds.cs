using System.Text.RegularExpressions;
using Mcp.Core.Containers;

namespace Mcp.Agent;

/// <summary>Stable ids for callers to match on: the error's name in kebab-case.</summary>
internal static partial class ErrorIds
{
    public static string Of(AgentError error) => Kebab(error.ToString());

    public static string Of(EngineError error) => error switch
    {
        EngineError.Unreachable => "engine-unreachable",
        EngineError.NotFound => "container-not-found",
        EngineError.Failed => "engine-failed",
        _ => Kebab(error.ToString()),
    };

    private static string Kebab(string name) => WordStart().Replace(name, "-").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordStart();
}
