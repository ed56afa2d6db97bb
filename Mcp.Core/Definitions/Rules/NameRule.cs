using System.Text.RegularExpressions;

namespace Mcp.Core.Definitions.Rules;

/// <summary>Names of services and components become container names, DNS labels and parts of variables: an RFC 1123 label suits all of
/// them.</summary>
internal static partial class NameRule
{
    public const int MaxLength = 63;

    public static void Check(RuleContext context, string path, string what, string name)
    {
        if (name.Length == 0)
            context.Report(path, context.Stands(path) ? $"{what} has an empty name" : $"{what} has no name",
                "add name = \"...\": lower-case letters, digits and '-'");
        else if (name.Length > MaxLength)
            context.Report(path, $"the name of {what} has {name.Length} characters", $"use at most {MaxLength}, as DNS does");
        else if (!Label().IsMatch(name))
            context.Report(path, $"'{name}' can't be the name of {what}", Suggest(name));
    }

    private static string Suggest(string name)
    {
        var better = NotAllowed().Replace(name.ToLowerInvariant(), "-").Trim('-');
        return $"use lower-case letters, digits and '-', a letter or digit at both ends{(better.Length > 0 ? $": \"{better}\"" : "")}";
    }

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]*[a-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotAllowed();
}
