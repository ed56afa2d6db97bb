using System.Text.RegularExpressions;

namespace Mcp.Core.Images.Building;

/// <summary>One FROM of a Dockerfile.</summary>
/// <param name="From">As written: an image, or the name or number of an earlier stage.</param>
internal sealed partial record DockerfileStage(string From, string? Name)
{
    public static IReadOnlyList<DockerfileStage> Read(string dockerfile) =>
        [.. FromLine().Matches(dockerfile).Select(m =>
            new DockerfileStage(m.Groups["from"].Value, m.Groups["name"].Success ? m.Groups["name"].Value : null))];

    /// <summary>
    /// Numbers of the stages whose layers are in the final image: the last one, the one it is from, and so on. Stages that are only copied
    /// from are not.
    /// </summary>
    public static IReadOnlySet<int> FinalChain(IReadOnlyList<DockerfileStage> stages)
    {
        var chain = new HashSet<int>();
        for (var at = stages.Count - 1; at >= 0; at = Earlier(stages, at))
            chain.Add(at);
        return chain;
    }

    private static int Earlier(IReadOnlyList<DockerfileStage> stages, int at)
    {
        for (var i = at - 1; i >= 0; i--)
            if (string.Equals(stages[i].Name, stages[at].From, StringComparison.OrdinalIgnoreCase) || stages[at].From == $"{i}")
                return i;
        return -1;
    }

    [GeneratedRegex(@"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(?<from>\S+)(?:[ \t]+AS[ \t]+(?<name>\S+))?",
        RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex FromLine();
}
