using System.Diagnostics;
using System.Globalization;

namespace Mcp.Core.Containers.Engine;

/// <summary>A <c>podman system service</c> of our own: started, started again when it dies, ended with us. Containers belong to conmon and do not notice.</summary>
internal sealed class PodmanService : IAsyncDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    // One that ran this long was fine; its end is an accident and no sign of something lasting.
    private static readonly TimeSpan SoundAfter = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(5);

    private readonly string _podman;
    private readonly string? _setsid;
    private readonly PodmanServiceFiles _files;
    private readonly Action<string> _log;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private string _lastWords = "";
    private Task _supervision = Task.CompletedTask;

    /// <param name="setsid">With it the service gets a session of its own, so that Ctrl+C in our terminal does not end it before we have tidied up.</param>
    public PodmanService(string podman, string? setsid, string dataDirectory, Action<string> log, TimeProvider time)
    {
        _podman = podman;
        _setsid = setsid;
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
        if (await _files.EndLeftOverAsync(EndWithin, _time, cancellationToken).ConfigureAwait(false) is { } left)
            _log($"ended the podman service {left} that an earlier run left behind");
        var process = Launch();
        try
        {
            await WaitUntilReadyAsync(process, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await EndAsync(process).ConfigureAwait(false);
            throw;
        }
        _supervision = SuperviseAsync(process, _stop.Token);
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

    private async Task SuperviseAsync(Process process, CancellationToken stop)
    {
        var delay = FirstDelay;
        while (true)
        {
            var started = _time.GetTimestamp();
            try
            {
                await process.WaitForExitAsync(stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                await EndAsync(process).ConfigureAwait(false);
                return;
            }

            ProcessId = null;
            if (_time.GetElapsedTime(started) > SoundAfter)
                delay = FirstDelay;
            _log($"the podman service ended with exit code {process.ExitCode}{LastWords()}; starting it again in {delay.TotalSeconds:0.#} s");
            process.Dispose();
            process = null!;
            while (process is null)
            {
                try
                {
                    await Task.Delay(delay, _time, stop).ConfigureAwait(false);
                    process = Launch();
                }
                catch (OperationCanceledException)
                {
                    return;
                }
                catch (EngineException e)
                {
                    _log($"{e.Message}; trying again");
                }
                delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
            }
        }
    }

    private Process Launch()
    {
        var start = new ProcessStartInfo(_setsid ?? _podman) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        if (_setsid is not null)
            start.ArgumentList.Add(_podman);
        foreach (var argument in (string[])["system", "service", "--time=0", "unix://" + SocketPath])
            start.ArgumentList.Add(argument);
        // podman does not listen where a socket file is left over from one that was killed.
        _files.DeleteSocket();
        try
        {
            var process = Process.Start(start) ?? throw new InvalidOperationException("no process");
            process.StandardInput.Close();
            process.ErrorDataReceived += (_, e) => Said(e.Data);
            process.OutputDataReceived += (_, e) => Said(e.Data);
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
            ProcessId = process.Id;
            _files.WriteProcessId(process.Id);
            return process;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException or IOException)
        {
            throw new EngineException(EngineError.Unreachable, $"cannot start '{_podman} system service': {e.Message}", "See whether 'podman info' works for the user of the agent.", e);
        }
    }

    private async Task WaitUntilReadyAsync(Process process, CancellationToken cancellationToken)
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
                if (process.HasExited)
                {
                    await HearOutAsync(process, cancellationToken).ConfigureAwait(false);
                    throw new EngineException(
                        EngineError.Unreachable,
                        string.Create(CultureInfo.InvariantCulture, $"'{_podman} system service' ended at once with exit code {process.ExitCode}{LastWords()}"),
                        "See whether 'podman info' works for the user of the agent.",
                        e);
                }
                if (_time.GetElapsedTime(started) > ReadyWithin)
                    throw new EngineException(EngineError.Unreachable, $"'{_podman} system service' does not answer on {SocketPath} within {ReadyWithin.TotalSeconds:0} s{LastWords()}", "See whether 'podman info' works for the user of the agent.", e);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Its last words may still be under way when it has gone; a child of its that keeps the pipe open must not keep us.</summary>
    private static async Task HearOutAsync(Process process, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(1));
        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Then without them.
        }
    }

    private async Task EndAsync(Process process)
    {
        ProcessId = null;
        try
        {
            if (!process.HasExited)
                await PodmanServiceFiles.EndAsync(process, EndWithin).ConfigureAwait(false);
        }
        finally
        {
            process.Dispose();
        }
    }

    private void Said(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        _lastWords = line;
        _log("podman: " + line);
    }

    private string LastWords() => _lastWords.Length == 0 ? "" : ": " + _lastWords;
}
