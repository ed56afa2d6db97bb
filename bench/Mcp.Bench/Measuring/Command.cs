using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Mcp.Bench.Measuring;

/// <summary>A command line that is run to its end and timed.</summary>
internal sealed record Command(string Program, params string[] Arguments)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public bool MayFail { get; init; }

    public override string ToString() => string.Join(' ', [Path.GetFileName(Program), .. Arguments]);

    /// <summary>Milliseconds from start to end.</summary>
    public async Task<double> TimeAsync(CancellationToken cancellationToken) =>
        (await RunAsync(cancellationToken)).Time.TotalMilliseconds;

    /// <exception cref="InvalidOperationException">It failed; the message has what it wrote.</exception>
    public async Task<CommandRun> RunAsync(CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo(Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in Arguments)
            info.ArgumentList.Add(argument);
        foreach (var (name, value) in Environment)
            info.Environment[name] = value;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var processor = ChildrenTime();
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(info)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw cancellationToken.IsCancellationRequested ? new OperationCanceledException(cancellationToken)
                : new InvalidOperationException($"`{this}` did not end within {Limit.TotalMinutes} minutes");
        }
        var time = clock.Elapsed;
        var run = new CommandRun(time, ChildrenTime() - processor, process.ExitCode, await output, await error);
        return run.ExitCode == 0 || MayFail ? run
            : throw new InvalidOperationException($"`{this}` failed with exit code {run.ExitCode}: {Tail(run.Error)} {Tail(run.Output)}");
    }

    private static string Tail(string text) => string.Join(" | ", text.Trim().Split('\n').TakeLast(4));

    /// <summary>Processor time of all children that have ended.</summary>
    private static TimeSpan ChildrenTime()
    {
        const int Children = -1;
        return getrusage(Children, out var usage) == 0
            ? TimeSpan.FromSeconds(usage.UserSeconds + usage.SystemSeconds)
                + TimeSpan.FromMicroseconds(usage.UserMicroseconds + usage.SystemMicroseconds)
            : TimeSpan.Zero;
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int getrusage(int who, out Usage usage);

    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct Usage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }
}

/// <param name="Processor">Of the command and of the processes that it waited for.</param>
internal sealed record CommandRun(TimeSpan Time, TimeSpan Processor, int ExitCode, string Output, string Error);
