using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Mcp.Core.Processes;

/// <summary>
/// A program that we started, with pipes at stdin, stdout and stderr and without a console window. Disposing it does not end it.
/// </summary>
public sealed class Subprocess : IDisposable
{
    /// <summary>Of each output of a program that is run to its end.</summary>
    public const int OutputKept = 1024 * 1024;

    private const string Setsid = "/usr/bin/setsid";
    private const int SigTerm = 15;

    private static readonly TimeSpan OutputsEndWithin = TimeSpan.FromSeconds(1);

    private readonly Process _process;

    private Subprocess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>128 + the signal's number when a signal ended it.</summary>
    public int ExitCode => _process.ExitCode;

    public Stream Input => _process.StandardInput.BaseStream;

    public StreamReader Output => _process.StandardOutput;

    public StreamReader Error => _process.StandardError;

    /// <exception cref="Win32Exception">It can't be started; the message says why.</exception>
    public static Subprocess Start(ProcessCommand command)
    {
        var setsid = command.OwnSession && OperatingSystem.IsLinux() && File.Exists(Setsid);
#pragma warning disable RS0030 // The one place that starts programs.
        var start = new ProcessStartInfo(setsid ? Setsid : command.File, [.. setsid ? [command.File] : (string[])[], .. command.Arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var (name, value) in command.Environment)
            start.Environment[name] = value;
#pragma warning restore RS0030
        return new(Process.Start(start) ?? throw new InvalidOperationException("no process although no shell was used"));
    }

    /// <summary>The process of another run of ours; null when there is none with this id.</summary>
    public static Subprocess? Find(int id)
    {
        try
        {
            return new(Process.GetProcessById(id));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="Win32Exception">It can't be started; the message says why.</exception>
    /// <exception cref="TimeoutException">It took longer than <paramref name="limit"/> and was killed, with all that it had started.
    /// Cancelling does the same.</exception>
    public static async Task<ProcessResult> RunAsync(
        ProcessCommand command, ReadOnlyMemory<byte> input, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var process = Start(command);
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var (output, error) = (new StringBuilder(), new StringBuilder());
        var outputs = Task.WhenAll(KeepEndAsync(process.Output, output), KeepEndAsync(process.Error, error));
        try
        {
            await process.WriteAsync(input, either.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.KillTree();
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException();
        }
        await DrainAsync(outputs, time, cancellationToken).ConfigureAwait(false);
        return new(process.ExitCode, Text(output), Text(error));
    }

    /// <summary>Reads both outputs to their end; one line at a time goes to <paramref name="line"/>.</summary>
    public Task ReadLinesAsync(Action<string> line)
    {
        var gate = new Lock();
        return Task.WhenAll(ReadAsync(Output), ReadAsync(Error));

        async Task ReadAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } text)
                lock (gate)
                    line(text);
        }
    }

    /// <summary>
    /// Waits until what a program that has ended wrote is read; not longer than a second, since a process that it left behind may hold its
    /// outputs open.
    /// </summary>
    public static async Task DrainAsync(Task outputs, TimeProvider time, CancellationToken cancellationToken)
    {
        await outputs.WaitAsync(OutputsEndWithin, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    public Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Kills it with all that it has started.</summary>
    public void KillTree()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or AggregateException)
        {
            // It has ended in the meantime, or a child of it belongs to another user by now.
        }
    }

    /// <summary>
    /// Sends SIGTERM, and kills it when it has not ended within that time; in both cases the process alone, not what it has started.
    /// </summary>
    public async Task StopAsync(TimeSpan within)
    {
        if (OperatingSystem.IsWindows() || Kill(Id, SigTerm) != 0)
            _process.Kill();
        using var limit = new CancellationTokenSource(within);
        try
        {
            await WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    public void Dispose() => _process.Dispose();

    private async Task WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        try
        {
            await using var stdin = Input;
            await stdin.WriteAsync(input, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It ended, or closed its input, without reading; its exit code says whether that was a failure.
        }
    }

    /// <summary>Goes on past what is kept, and after <see cref="DrainAsync"/>: a full pipe would stop the program.</summary>
    private static async Task KeepEndAsync(StreamReader reader, StringBuilder kept)
    {
        var buffer = new char[4096];
        while (await reader.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false) is > 0 and var count)
            lock (kept)
            {
                kept.Append(buffer, 0, count);
                if (kept.Length > OutputKept)
                    kept.Remove(0, kept.Length - OutputKept);
            }
    }

    private static string Text(StringBuilder kept)
    {
        lock (kept)
            return kept.ToString();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int id, int signal);
}
