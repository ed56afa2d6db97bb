using System.CommandLine;
using System.Globalization;

namespace Mcp.Cli.Arguments;

internal static class TailOption
{
    public static Option<int?> Create(string description) => new("--tail", "-n")
    {
        Description = description,
        HelpName = "count",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                return count;
            result.AddError($"--tail '{text}' is no count; write a number such as 100");
            return null;
        },
    };
}
