using System.CommandLine;
using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;

namespace Mcp.Cli.Arguments;

internal static class ServiceCompletion
{
    /// <summary>Completes with the services that have a definition. Asks no node: completion must not hang.</summary>
    public static Argument<T> CompletedBy<T>(this Argument<T> argument, CommandBinding binding)
    {
        argument.CompletionSources.Add(
            completion => Names(binding, completion.ParseResult)
                .Where(n => n.StartsWith(completion.WordToComplete, StringComparison.Ordinal)));
        return argument;
    }

    private static IReadOnlyList<string> Names(CommandBinding binding, ParseResult arguments)
    {
        try
        {
            using var context = binding.Context(arguments);
            return context.Services.Names();
        }
        catch (McpException)
        {
            // A broken config is reported by the command itself; here it only means that there is nothing to offer.
            return [];
        }
    }
}
