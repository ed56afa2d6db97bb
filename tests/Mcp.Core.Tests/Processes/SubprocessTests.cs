using System.ComponentModel;
using System.Globalization;
using System.Text;
using Mcp.Core.Processes;
using Mcp.Testing;

namespace Mcp.Core.Tests.Processes;

public sealed class SubprocessTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_Program_GetsArgumentsEnvironmentAndInputAsTheyAre()
    {
        var command = Shell("printf '%s|' \"$0\" \"$1\" \"$SPECIAL\"; cat; echo oops >&2; exit 3", "a \"b\" $(c)", "") with
        {
            Environment = new Dictionary<string, string> { ["SPECIAL"] = "x y" },
        };

        var result = await RunAsync(command, "input, ü");

        Assert.Equal(new ProcessResult(3, "a \"b\" $(c)||x y|input, ü", "oops\n"), result);
    }

    [Fact]
    public async Task Run_ProgramThatIsNotThere_IsAWin32Exception() =>
        await Assert.ThrowsAsync<Win32Exception>(() => RunAsync(new(_folder.File("absent"))));

    [Fact]
    public async Task Run_InputThatIsNotRead_IsNoFailure() =>
        Assert.Equal(0, (await RunAsync(Shell("exit 0"), new('x', 1024 * 1024))).ExitCode);

    [Fact]
    public async Task Run_EndlessOutput_KeepsItsEnd()
    {
        var result = await RunAsync(Shell("head -c 3000000 /dev/zero | tr '\\0' x; echo end"));

        Assert.Equal(Subprocess.OutputKept, result.Output.Length);
        Assert.EndsWith("xxxend\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ChildLeftBehindWithOpenOutputs_IsNotWaitedFor()
    {
        var result = await RunAsync(Shell("sleep 600 & echo $!; exit 4"));

        Assert.Equal(4, result.ExitCode);
        using var child = System.Diagnostics.Process.GetProcessById(int.Parse(result.Output, CultureInfo.InvariantCulture));
        child.Kill();
    }

    [Fact]
    public async Task Run_LongerThanItsLimit_IsATimeout() =>
        await Assert.ThrowsAsync<TimeoutException>(
            () => Subprocess.RunAsync(Shell("exec sleep 600"), default, TimeSpan.FromMilliseconds(50), TimeProvider.System, default));

    [Fact]
    public async Task Run_Cancelled_KillsAlsoWhatItStarted()
    {
        var id = _folder.File("id");
        using var cancel = new CancellationTokenSource();
        var run = Subprocess.RunAsync(
            Shell($"sleep 600 & echo $! > {id}.new; mv {id}.new {id}; wait"), default, Limit, TimeProvider.System, cancel.Token);
        await Eventually.TrueAsync(() => Task.FromResult(File.Exists(id)), Limit, () => "it has not started");
        var child = int.Parse(await File.ReadAllTextAsync(id), CultureInfo.InvariantCulture);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await Eventually.TrueAsync(() => Task.FromResult(!IsRunning(child)), Limit, () => "its child is still running");
    }

    [Fact]
    public async Task ReadLines_BothOutputs_ComeLineByLine()
    {
        using var process = Subprocess.Start(Shell("echo one; echo two >&2; printf three"));
        var lines = new List<string>();

        await process.ReadLinesAsync(lines.Add);

        Assert.Equal(["one", "three", "two"], lines.Order());
    }

    [Theory]
    [InlineData("trap 'exit 7' TERM", 7)]
    [InlineData("trap '' TERM", 137)]
    public async Task Stop_Program_IsAskedBeforeItIsKilled(string trap, int exitCode)
    {
        using var process = Subprocess.Start(Shell(trap + "; echo ready; while :; do sleep 0.05; done"));
        Assert.Equal("ready", await process.Output.ReadLineAsync());

        await process.StopAsync(exitCode == 7 ? Limit : TimeSpan.FromMilliseconds(300));

        Assert.Equal(exitCode, process.ExitCode);
    }

    [Fact]
    public async Task Start_OwnSession_LeadsIt()
    {
        if (!File.Exists("/usr/bin/setsid"))
            return;
        using var process = Subprocess.Start(Shell("cut -d ' ' -f 6 /proc/self/stat") with { OwnSession = true });
        Assert.Equal(process.Id.ToString(CultureInfo.InvariantCulture), await process.Output.ReadLineAsync());
    }

    private static ProcessCommand Shell(string script, params string[] arguments) => new("/bin/sh", ["-c", script, .. arguments]);

    private static Task<ProcessResult> RunAsync(ProcessCommand command, string input = "") =>
        Subprocess.RunAsync(command, Encoding.UTF8.GetBytes(input), Limit, TimeProvider.System, default);

    /// <summary>A zombie, which waits for its parent to take its exit code, does not run.</summary>
    private static bool IsRunning(int id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
