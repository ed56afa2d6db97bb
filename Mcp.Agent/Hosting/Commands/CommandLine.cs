using System.CommandLine;
using Mcp.Agent.Auth;

namespace Mcp.Agent.Hosting.Commands;

/// <summary>The commands of mcp-agent, and how arguments become an exit code.</summary>
internal static class CommandLine
{
    private const int NoSpaceLeft = 28;

    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("The agent of one node: runs and watches containers for `mcp` and the PowerShell module.")
        {
            RunCommand.Create(output),
            DevCommand.Create(output),
            TokenCommand.Create(output, error),
            BackupCommand.Create(error),
            RestoreCommand.Create(error),
        };
        var parsed = root.Parse(arguments);
        if (arguments.Length > 0 && parsed.Errors.Count > 0)
        {
            foreach (var problem in parsed.Errors)
                await error.WriteLineAsync($"error: {problem.Message}");
            await error.WriteLineAsync("  see `mcp-agent --help`");
            return ExitCodes.Usage;
        }

        try
        {
            if (arguments.Length > 0)
                return await parsed.InvokeAsync(Settings(output, error));
            await root.Parse("--help").InvokeAsync(Settings(output, error));
            return ExitCodes.Usage;
        }
        catch (ConfigException e)
        {
            foreach (var problem in e.Problems)
                await error.WriteLineAsync($"error: {problem}");
            return ExitCodes.Usage;
        }
        catch (StartupException e)
        {
            return await FailAsync(e.ExitCode, e.Message, e.Remedy);
        }
        catch (AgentException e)
        {
            return await FailAsync(ExitCodes.Failed, e.Message, e.Remedy);
        }
        catch (TokenStoreException e)
        {
            return await FailAsync(ExitCodes.Failed, e.Message, e.Remedy);
        }
        catch (IOException e) when (e.HResult == NoSpaceLeft)
        {
            return await FailAsync(ExitCodes.Failed, $"the output can't be written: {e.Message}", "free space on the disk that it goes to");
        }

        async Task<int> FailAsync(int exitCode, string message, string remedy)
        {
            await error.WriteLineAsync($"error: {message}");
            await error.WriteLineAsync($"  {remedy}");
            return exitCode;
        }
    }

    private static InvocationConfiguration Settings(TextWriter output, TextWriter error) => new()
    {
        Output = output,
        Error = error,
        EnableDefaultExceptionHandler = false,

        // The host handles signals: it needs time to stop.
        ProcessTerminationTimeout = null,
    };
}
