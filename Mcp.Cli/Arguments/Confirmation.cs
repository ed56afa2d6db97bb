using System.CommandLine;
using Mcp.Core.Client;
using Spectre.Console;

namespace Mcp.Cli.Arguments;

/// <summary>Asking before something is lost.</summary>
internal static class Confirmation
{
    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask" };

    /// <summary>Refuses at once, before any look-up, when there is no terminal to ask.</summary>
    public static void Require(CommandContext context, Option<bool> yes, string what)
    {
        if (!context.Arguments.GetValue(yes) && !context.Host.CanAsk)
            throw new McpException(
                ErrorKind.Usage, "not-confirmed", $"{what} asks first, and there is no terminal to ask on",
                "add --yes to do it without asking");
    }

    public static async Task<bool> AskAsync(
        CommandContext context, Option<bool> yes, string question, CancellationToken cancellationToken) =>
        context.Arguments.GetValue(yes) || await AskAsync(context, question, cancellationToken);

    public static async Task<bool> AskAsync(CommandContext context, string question, CancellationToken cancellationToken)
    {
        context.Host.Error.Write(new Text(question + " [y/N] "));
        // The console's read can't be cancelled; waiting for it can.
        var answer = await Task.Run(context.Host.In.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
        if (answer?.Trim().ToUpperInvariant() is "Y" or "YES")
            return true;
        context.Hint("Nothing was done.");
        return false;
    }
}
