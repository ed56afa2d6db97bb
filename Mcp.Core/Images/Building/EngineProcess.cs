using System.ComponentModel;
using System.Diagnostics;

namespace Mcp.Core.Images.Building;

/// <summary>Runs the engine's program to its end, or, when cancelled, to an end that leaves nothing running.</summary>
internal sealed class EngineProcess(ContainerEngineCommand engine)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    /// <summary>The exit code; each line of both outputs goes to <paramref name="line"/>, one at a time.</summary>
    /// <param name="hasSteps">It is a build: when cancelled, the running step ends first.</param>
    public async Task<int> RunAsync(IEnumerable<string> arguments, Action<string> line, bool hasSteps, CancellationToken cancellationToken)
    {
        var gate = new Lock();
        using var process = Start(arguments);
        process.StandardInput.Close();
        var outputs = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
        await WaitAsync(process, outputs, hasSteps, cancellationToken);
        return process.ExitCode;

        async Task ReadAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync(CancellationToken.None) is { } text)
                lock (gate)
                    line(text);
        }
    }

    /// <summary>The exit code and stdout; stderr's lines go to <paramref name="line"/>. Input, when given, goes to stdin.</summary>
    public async Task<int> PipeAsync(IEnumerable<string> arguments, Stream? input, Stream output, Action<string> line, CancellationToken cancellationToken)
    {
        using var process = Start(arguments);
        var work = Task.WhenAll(WriteAsync(), CopyAsync(), ReadAsync());
        await WaitAsync(process, work, hasSteps: false, cancellationToken);
        return process.ExitCode;

        async Task WriteAsync()
        {
            try
            {
                await using var stdin = process.StandardInput.BaseStream;
                if (input is not null)
                    await input.CopyToAsync(stdin, cancellationToken);
            }
            catch (IOException) when (process.HasExited)
            {
                // It gave up reading; its exit code and words say why.
            }
        }

        async Task CopyAsync()
        {
            try
            {
                await process.StandardOutput.BaseStream.CopyToAsync(output, cancellationToken);
            }
            catch
            {
                // Nobody takes what it writes: it would wait for ever.
                process.Kill(entireProcessTree: true);
                throw;
            }
        }

        async Task ReadAsync()
        {
            while (await process.StandardError.ReadLineAsync(CancellationToken.None) is { } text)
                line(text);
        }
    }

    private Process Start(IEnumerable<string> arguments)
    {
        // In a session of its own the engine does not get the terminal's Ctrl+C: podman would die at once and orphan the running step.
        var setsid = OperatingSystem.IsLinux() && File.Exists("/usr/bin/setsid");
        var info = new ProcessStartInfo(setsid ? "/usr/bin/setsid" : engine.File)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (setsid)
            info.ArgumentList.Add(engine.File);
        foreach (var argument in engine.GlobalArguments.Concat(arguments))
            info.ArgumentList.Add(argument);
        foreach (var (name, value) in engine.Environment)
            info.Environment[name] = value;
        // Lines instead of a picture of progress, for whichever docker builder is there.
        info.Environment["BUILDKIT_PROGRESS"] = "plain";
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw new ImageBuildException(ImageBuildError.EngineMissing, $"{engine.File} can't be started: {e.Message}", "check that it is a program that you may run", e);
        }
    }

    private async Task WaitAsync(Process process, Task work, bool hasSteps, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(process.WaitForExitAsync(cancellationToken), work.WaitAsync(cancellationToken));
        }
        catch
        {
            await EndAsync(process, hasSteps);
            // What is still in the pipes is nobody's now; a reader that fails over it has failed for that reason.
            await work.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).WaitAsync(Grace, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>Podman cleans up its mounts and working containers when a step fails, and not when it is killed: so the step is made to fail, and podman is killed only when that does not end it. A push is killed at once: given time it would finish.</summary>
    private async Task EndAsync(Process process, bool hasSteps)
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
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
    }
}
