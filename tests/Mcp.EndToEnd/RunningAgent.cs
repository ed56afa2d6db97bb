using System.Diagnostics;
using System.Text;
using Mcp.Testing;

namespace Mcp.EndToEnd;

/// <summary>`mcp-agent dev` as a process of its own. It waits shortly for containers to stay up: no test here is about one that ends within
/// seconds.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningAgent(ProcessStartInfo info)
    {
        _process = new Process { StartInfo = info, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => Keep(e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.Exited += (_, _) =>
            _ready.TrySetException(new InvalidOperationException($"the agent ended with exit code {_process.ExitCode}: {Output}"));
    }

    public int Pid => _process.Id;

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Returns once it listens.</summary>
    public static async Task<RunningAgent> StartAsync(
        string directory, string engineSocket, params (string Name, string Value)[] environment)
    {
        var info = Programs.Start(Programs.Agent, ["dev", "--dir", directory, "--name", "node1", "--stay-up", "300ms"]);
        info.Environment["DOCKER_HOST"] = "unix://" + engineSocket;
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        var agent = new RunningAgent(info);
        agent._process.Start();
        agent._process.BeginOutputReadLine();
        agent._process.BeginErrorReadLine();
        await agent._ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return agent;
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end; returns its exit code.</summary>
    public async Task<int> EndAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
            await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await EndAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.Append(line).Append('\n');
        if (line.StartsWith("ready:", StringComparison.Ordinal))
            _ready.TrySetResult();
    }
}
