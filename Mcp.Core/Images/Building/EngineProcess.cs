using System.ComponentModel;
using Mcp.Core.Processes;

namespace Mcp.Core.Images.Building;

/// <summary>Runs the engine's program to its end; cancelling leaves nothing running.</summary>
internal sealed class EngineProcess(ContainerEngineCommand engine)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    /// <summary>The exit code; each line of both outputs goes to <paramref name="line"/>, one at a time.</summary>
    /// <param name="hasSteps">It is a build: when cancelled, the running step ends first.</param>
    public async Task<int> RunAsync(IEnumerable<string> arguments, Action<string> line, bool hasSteps, CancellationToken cancellationToken)
    {
        using var process = Start(arguments);
        process.Input.Close();
        await WaitAsync(process, process.ReadLinesAsync(line), hasSteps, cancellationToken);
        return process.ExitCode;
    }

    /// <summary>The exit code; <paramref name="read"/> gets stdout and reads all of it, and stderr's lines go to
    /// <paramref name="line"/>.</summary>
    public async Task<int> PipeAsync(
        IEnumerable<string> arguments, Func<Stream, CancellationToken, Task> read, Action<string> line, CancellationToken cancellationToken)
    {
        using var process = Start(arguments);
        process.Input.Close();
        await WaitAsync(process, Task.WhenAll(OutputAsync(), ReadAsync()), hasSteps: false, cancellationToken);
        return process.ExitCode;

        async Task OutputAsync()
        {
            try
            {
                await read(process.Output.BaseStream, cancellationToken);
            }
            catch
            {
                // What it writes is no longer read: it would wait forever.
                process.KillTree();
                throw;
            }
        }

        async Task ReadAsync()
        {
            while (await process.Error.ReadLineAsync(CancellationToken.None) is { } text)
                line(text);
        }
    }

    private Subprocess Start(IEnumerable<string> arguments)
    {
        var command = new ProcessCommand(engine.File, [.. engine.GlobalArguments, .. arguments])
        {
            // Lines instead of a picture of progress, for whichever docker builder is there.
            Environment = new Dictionary<string, string>(engine.Environment) { ["BUILDKIT_PROGRESS"] = "plain" },
            // podman would die at the terminal's Ctrl+C at once, and leave the running step behind.
            OwnSession = true,
        };
        try
        {
            return Subprocess.Start(command);
        }
        catch (Win32Exception e)
        {
            throw new ImageBuildException(ImageBuildError.EngineMissing, $"{engine.File} can't be started: {e.Message}",
                "check that it is executable", e);
        }
    }

    private async Task WaitAsync(Subprocess process, Task work, bool hasSteps, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(process.WaitForExitAsync(cancellationToken), work.WaitAsync(cancellationToken));
        }
        catch
        {
            await EndAsync(process, hasSteps);
            // What is still in the pipes is not needed any more; a reader that fails over it has failed for that reason.
            await work.ContinueWith(_ =>
                { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).WaitAsync(Grace,
                CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>
    /// Podman cleans up its mounts and working containers when a step fails, but not when it is killed. So the step is killed, and podman
    /// itself only if that does not end it. A push is killed at once: given time it would finish.
    /// </summary>
    private async Task EndAsync(Subprocess process, bool hasSteps)
    {
        using var grace = new CancellationTokenSource(Grace);
        try
        {
            while (hasSteps && engine.IsPodman && OperatingSystem.IsLinux() && !process.HasExited)
            {
                ProcessTree.KillBelow(process.Id, depth: 2);
                await Task.WhenAny(process.WaitForExitAsync(grace.Token), Task.Delay(Between, grace.Token));
                grace.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            // Below.
        }
        process.KillTree();
        await process.WaitForExitAsync(CancellationToken.None);
    }
}
