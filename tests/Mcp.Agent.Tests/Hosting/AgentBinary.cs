using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Mcp.Testing;

namespace Mcp.Agent.Tests.Hosting;

/// <summary>The built mcp-agent as a process of its own.</summary>
internal sealed partial class AgentBinary : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AgentBinary(string[] arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = Programs.Start(Programs.Agent, arguments);

        // No engine program in sight: what is tested here needs none, and starting one takes its time.
        start.Environment["PATH"] = "";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Take(_error, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => Text(_output);

    public string Error => Text(_error);

    public int Id => _process.Id;

    public static AgentBinary Start(params string[] arguments) => new(arguments, null);

    public static AgentBinary Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        new(arguments, environment);

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var agent = Start(arguments);
        var exitCode = await agent.ExitAsync();
        return (exitCode, agent.Output, agent.Error);
    }

    /// <summary>The address of the line "ready: ...".</summary>
    public async Task<Uri> ReadyAsync()
    {
        var ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(_ready.Task, ended).WaitAsync(Patience) == ended)
            throw new InvalidOperationException($"the agent ended with {_process.ExitCode}:\n{Output}{Error}");
        return await _ready.Task;
    }

    public void Signal(int number) => Assert.Equal(0, Kill(_process.Id, number));

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static string Text(StringBuilder builder)
    {
        lock (builder)
            return builder.ToString();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);

    private void Take(StringBuilder builder, string? line)
    {
        if (line is null)
            return;
        lock (builder)
            builder.Append(line).Append('\n');
        if (line.StartsWith("ready: ", StringComparison.Ordinal))
            _ready.TrySetResult(new(line["ready: ".Length..]));
    }
}
