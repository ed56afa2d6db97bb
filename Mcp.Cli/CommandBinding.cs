using System.CommandLine;
using Mcp.Cli.Arguments;
using Mcp.Core.Client;

namespace Mcp.Cli;

/// <summary>Ties a command to what it does: gives it its context, turns its errors into messages and exit codes.</summary>
internal sealed class CommandBinding(CliHost host, GlobalOptions options)
{
    public CliHost Host => host;

    public WorkstationOptions Workstation => options.Workstation;

    public CommandContext Context(ParseResult arguments) => new(host, options, arguments);

    /// <summary>For completion: nothing when the config is broken, which the command itself will report.</summary>
    public IReadOnlyList<string> NodeNames(ParseResult arguments)
    {
        try
        {
            using var context = Context(arguments);
            return [.. context.Config.Nodes.Select(n => n.Name)];
        }
        catch (McpException)
        {
            return [];
        }
    }

    public void Bind(Command command, Func<CommandContext, CancellationToken, Task<int>> run) =>
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var context = Context(arguments);
            try
            {
                return await run(context, cancellationToken);
            }
            catch (McpException e)
            {
                context.Report(e);
                return ExitCode.Of(e);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return ExitCode.Interrupted;
            }
        });

    /// <summary>For a command that only finishes at once.</summary>
    public void Bind(Command command, Func<CommandContext, int> run) => Bind(command, (context, _) => Task.FromResult(run(context)));
}
