using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Mcp.Core;

namespace Mcp.Cli;

/// <summary>What is wrong with the arguments, each with the nearest thing that would be right.</summary>
internal static class UsageErrors
{
    public static IReadOnlyList<(string Message, string Remedy)> Of(ParseResult parsed)
    {
        // Help and completion must work while the rest of the line is incomplete.
        if (parsed.Action is not ParseErrorAction)
            return [];
        var command = parsed.CommandResult.Command;
        var help = $"see `{Path(parsed)} --help`";

        // An unknown word makes everything after it look wrong; it alone is the news.
        if (parsed.UnmatchedTokens.Count > 0)
            return [.. parsed.UnmatchedTokens.Where(t => t.Length > 0).Take(3).Select(token => Unknown(token, command, help))];
        return [.. parsed.Errors.Select(e => e.Message.TrimEnd('.')).Distinct().Select(m => (m, help))];
    }

    private static (string Message, string Remedy) Unknown(string token, Command command, string help)
    {
        var isOption = token.StartsWith('-');
        var known = isOption ? Options(command) : command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name);
        var kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        var name = isOption ? token.Split('=', ':')[0] : token;
        return ($"unknown {kind} '{name}'", NearestName.Of(name, known) is { } nearest ? $"did you mean '{nearest}'? ({help})" : help);
    }

    private static IEnumerable<string> Options(Command command)
    {
        var own = command.Options.Where(o => !o.Hidden);
        var inherited = command.Parents.OfType<Command>().SelectMany(p => p.Options.Where(o => o.Recursive));
        var further = command.Parents.SelectMany(p => p.Parents).OfType<Command>().SelectMany(p => p.Options.Where(o => o.Recursive));
        return own.Concat(inherited).Concat(further).Select(o => o.Name);
    }

    private static string Path(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
            names.Insert(0, result.Command is RootCommand ? "mcp" : result.Command.Name);
        return string.Join(' ', names);
    }
}
