namespace Mcp.Core.Definitions;

/// <summary>Strategies as people write them: auto, start-first, stop-first.</summary>
public static class StrategyNames
{
    public static readonly IReadOnlyList<string> All = ["auto", "start-first", "stop-first"];

    /// <summary>"unknown (7)" for one that only a newer agent knows.</summary>
    public static string Of(DeployStrategy strategy) => Enum.IsDefined(strategy) ? All[(int)strategy] : StateText.Of(strategy);

    /// <summary>null when it is none.</summary>
    public static DeployStrategy? TryParse(string text)
    {
        for (var i = 0; i < All.Count; i++)
            if (All[i] == text)
                return (DeployStrategy)i;
        return null;
    }
}
