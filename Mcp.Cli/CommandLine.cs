using System.CommandLine;
using Mcp.Cli.Commands;
using Mcp.Cli.Output;
using Mcp.Core.Operations;

namespace Mcp.Cli;

/// <summary>The whole command tree, and the way from arguments to an exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] arguments, CliHost host, CancellationToken cancellationToken)
    {
        try
        {
            return await InvokeAsync(arguments, host, cancellationToken);
        }
        catch (Exception e) when (StandardOutput.ReaderLeft(e))
        {
            return StandardOutput.ReaderLeftExitCode;
        }
        catch (Exception e) when (StandardOutput.DiskIsFull(e))
        {
            ErrorView.Write(host.Error, $"the output can't be written: {e.Message}", "free space on the disk that it goes to");
            return ExitCode.Failed;
        }
    }

    private static async Task<int> InvokeAsync(string[] arguments, CliHost host, CancellationToken cancellationToken)
    {
        var parsed = Create(host).Parse(arguments);
        if (arguments.Length == 0)
        {
            await parsed.CommandResult.Command.Parse("--help").InvokeAsync(Configuration(host), cancellationToken);
            return ExitCode.Usage;
        }
        if (UsageErrors.Of(parsed) is { Count: > 0 } errors)
        {
            foreach (var (message, remedy) in errors)
                ErrorView.Write(host.Error, message, remedy);
            return ExitCode.Usage;
        }
        return await parsed.InvokeAsync(Configuration(host), cancellationToken);
    }

    public static RootCommand Create(CliHost host)
    {
        var options = new GlobalOptions();
        var binding = new CommandBinding(host, options);
        var root = new RootCommand("Runs containers on your own machines: one TOML file per service, one agent per node.")
        {
            DeployCommand.Create(binding),
            BuildCommand.Create(binding),
            SyncCommand.Create(binding),
            ImageCommand.Create(binding),
            PsCommand.Create(binding),
            StatusCommand.Create(binding),
            ComponentOperation.Create(binding, OperationKind.Start, "Start a service or one component of it."),
            ComponentOperation.Create(
                binding, OperationKind.Stop, "Stop a service or one component of it; it stays deployed and stays stopped."),
            ComponentOperation.Create(binding, OperationKind.Restart, "Restart a service or one component of it."),
            UndeployCommand.Create(binding),
            RollbackCommand.Create(binding),
            HistoryCommand.Create(binding),
            LogsCommand.Create(binding),
            EventsCommand.Create(binding),
            AuditCommand.Create(binding),
            WatchCommand.Create(binding),
            CancelCommand.Create(binding),
            RouteCommand.Create(binding),
            NodeCommand.Create(binding),
            DefinitionCommand.Create(binding),
            ConfigCommand.Create(binding),
            CompletionCommand.Create(binding),
            VersionCommand.Create(binding),
        };
        options.AddTo(root);
        NameArguments(root);
        return root;
    }

    /// <summary>An argument that has completions and no name for help would be shown as the list of all its completions, which may be read
    /// from the workstation's files.</summary>
    private static void NameArguments(Command command)
    {
        foreach (var argument in command.Arguments)
            argument.HelpName ??= argument.Name;
        foreach (var subcommand in command.Subcommands)
            NameArguments(subcommand);
    }

    private static InvocationConfiguration Configuration(CliHost host) => new()
    {
        Output = host.Out,
        Error = host.Error.Profile.Out.Writer,
        // A defect shows as what it is, with its stack, and not as one more red line.
        EnableDefaultExceptionHandler = false,
        // A build that is cut short takes a moment to leave nothing behind.
        ProcessTerminationTimeout = TimeSpan.FromSeconds(20),
    };
}
