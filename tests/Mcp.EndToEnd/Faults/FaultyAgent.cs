using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Mcp.Testing;

namespace Mcp.EndToEnd.Faults;

/// <summary>A real agent as a process of its own, whose operations can be held at any step (tests/Mcp.FaultAgent).</summary>
internal sealed class FaultyAgent : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _telling = new();
    private readonly StringBuilder _output = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _said = new(StringComparer.Ordinal);

    private FaultyAgent(ProcessStartInfo info)
    {
        _process = new Process { StartInfo = info, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => Hear(e.Data);
        _process.ErrorDataReceived += (_, e) => Hear(e.Data);
        _process.Exited += (_, _) =>
        {
            foreach (var waiting in _said.Values)
                waiting.TrySetException(new InvalidOperationException($"the agent ended: {Output}"));
        };
    }

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Returns once it listens. What an agent before it left is being put in order by then, or is already.</summary>
    public static async Task<FaultyAgent> StartAsync(string directory, string engineSocket)
    {
        var info = Programs.Start(SourceTree.Program("tests/Mcp.FaultAgent", "Mcp.FaultAgent"), [directory]);
        info.Environment["DOCKER_HOST"] = "unix://" + engineSocket;
        var agent = new FaultyAgent(info);
        var ready = agent.SaysAsync("ready");
        agent._process.Start();
        agent._process.BeginOutputReadLine();
        agent._process.BeginErrorReadLine();
        await ready;
        return agent;
    }

    /// <summary>Stops the service's next operation there; the task that is returned completes when it has come to it.</summary>
    /// <param name="point">"SERVICE before 4".</param>
    public async Task<Task> HoldAsync(string point)
    {
        var held = SaysAsync("held " + point);
        await TellAsync("hold", point);
        return held;
    }

    public Task ReleaseAsync(string point) => TellAsync("release", point);

    /// <summary>SIGKILL: it can't do anything about it.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private async Task TellAsync(string verb, string point)
    {
        var heard = SaysAsync($"{verb}: {point}");
        // Several are told at once, and a line is to stay a line.
        lock (_telling)
        {
            _process.StandardInput.WriteLine($"{verb} {point}");
            _process.StandardInput.Flush();
        }
        await heard;
    }

    private async Task SaysAsync(string line)
    {
        var said = _said.GetOrAdd(line, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await said.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"the agent does not say '{line}': {Output}");
        }
        finally
        {
            _said.TryRemove(line, out _);
        }
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.Append(line).Append('\n');
        if (_said.TryGetValue(line, out var waiting))
            waiting.TrySetResult();
    }
}
