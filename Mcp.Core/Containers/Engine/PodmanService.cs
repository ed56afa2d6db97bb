using System.ComponentModel;
using Mcp.Core.Processes;

namespace Mcp.Core.Containers.Engine;

/// <summary>
/// Our own <c>podman system service</c>: restarted when it ends, stopped when we end. Containers belong to conmon and are not affected.
/// </summary>
internal sealed class PodmanService : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // One that ran this long worked: the next pause is the first one again.
    private static readonly TimeSpan SoundAfter = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(5);

    private const string Remedy = "check that 'podman info' works for the agent's user";

    private readonly string _podman;
    private readonly PodmanServiceFiles _files;
    private readonly Action<string> _log;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private volatile Subprocess? _running;
    private string _lastLine = "";
    private Task _supervision = Task.CompletedTask;

    public PodmanService(string podman, string dataDirectory, Action<string> log, TimeProvider time)
    {
        _podman = podman;
        _files = new PodmanServiceFiles(dataDirectory);
        _log = log;
        _time = time;
    }

    public string SocketPath => _files.SocketPath;

    /// <summary>The running process; null between two of them.</summary>
    public int? ProcessId { get; private set; }

    /// <summary>Returns once the service answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _files.Prepare();
        if (await _files.EndLeftOverAsync(EndWithin, cancellationToken).ConfigureAwait(false) is { } left)
            _log($"stopped the podman service {left}, left over from an earlier run");
        var run = Launch();
        try
        {
            await WaitUntilReadyAsync(run, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await EndAsync(run.Process).ConfigureAwait(false);
            throw;
        }
        _supervision = SuperviseAsync(run, _stop.Token);
    }

    /// <summary>Ends the process, also one that hangs; the supervision starts another.</summary>
    public async Task RestartAsync()
    {
        if (_running is not { HasExited: false } process)
            return;
        _log("the podman service does not answer; ending it");
        await process.StopAsync(EndWithin).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _supervision.ConfigureAwait(false);
        _files.Clear();
        _stop.Dispose();
    }

    private async Task SuperviseAsync(Run run, CancellationToken stop)
    {
        var pause = new Backoff(FirstPause, LongestPause, _time);
        while (true)
        {
            var started = _time.GetTimestamp();
            try
            {
                await run.Process.WaitForExitAsync(stop).ConfigureAwait(false);
                await Subprocess.DrainAsync(run.Outputs, _time, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                await EndAsync(run.Process).ConfigureAwait(false);
                return;
            }

            (_running, ProcessId) = (null, null);
            if (_time.GetElapsedTime(started) > SoundAfter)
                pause.Reset();
            var ended = $"the podman service ended with exit code {run.Process.ExitCode}{LastLine()}";
            _log($"{ended}; starting it again in {pause.Next.TotalSeconds:0.#} s");
            run.Process.Dispose();
            run = null!;
            while (run is null)
            {
                try
                {
                    await pause.WaitAsync(stop).ConfigureAwait(false);
                    run = Launch();
                }
                catch (OperationCanceledException)
                {
                    return;
                }
                catch (EngineException e)
                {
                    _log($"{e.Message}; trying again");
                }
            }
        }
    }

    private Run Launch()
    {
        // So that Ctrl+C in our terminal does not end it before we have.
        var command = new ProcessCommand(_podman, "system", "service", "--time=0", "unix://" + SocketPath) { OwnSession = true };
        // podman does not listen where a socket file is left over from one that was killed.
        _files.DeleteSocket();
        try
        {
            var process = Subprocess.Start(command);
            process.Input.Close();
            var run = new Run(process, process.ReadLinesAsync(Log));
            (_running, ProcessId) = (process, process.Id);
            _files.WriteProcessId(process.Id);
            return run;
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new EngineException(EngineError.Unreachable, $"cannot start '{_podman} system service': {e.Message}", Remedy, e);
        }
    }

    private async Task WaitUntilReadyAsync(Run run, CancellationToken cancellationToken)
    {
        using var runtime = new DockerEngineRuntime(SocketPath, _time);
        var started = _time.GetTimestamp();
        while (true)
        {
            try
            {
                await runtime.IdentifyAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (EngineException e)
            {
                if (run.Process.HasExited)
                {
                    await Subprocess.DrainAsync(run.Outputs, _time, cancellationToken).ConfigureAwait(false);
                    throw new EngineException(
                        EngineError.Unreachable,
                        $"'{_podman} system service' ended at once with exit code {run.Process.ExitCode}{LastLine()}", Remedy, e);
                }
                if (_time.GetElapsedTime(started) > ReadyWithin)
                    throw new EngineException(
                        EngineError.Unreachable,
                        $"'{_podman} system service' does not answer on {SocketPath} within {ReadyWithin.TotalSeconds:0} s{LastLine()}",
                        Remedy,
                        e);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task EndAsync(Subprocess process)
    {
        (_running, ProcessId) = (null, null);
        try
        {
            if (!process.HasExited)
                await process.StopAsync(EndWithin).ConfigureAwait(false);
        }
        finally
        {
            process.Dispose();
        }
    }

    private void Log(string line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        _lastLine = line;
        _log("podman: " + line);
    }

    private string LastLine() => _lastLine.Length == 0 ? "" : ": " + _lastLine;

    /// <param name="Outputs">Ends when all that it wrote is read.</param>
    private sealed record Run(Subprocess Process, Task Outputs);
}
