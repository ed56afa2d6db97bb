using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Mcp.Bench;

/// <summary>A server that says `ready` when it listens: an agent, or what it is compared with.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<TimeSpan> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stopwatch _clock = new();

    private AgentProcess(ProcessStartInfo info)
    {
        _process = new Process { StartInfo = info, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => Keep(e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.Exited += (_, _) =>
            _ready.TrySetException(new InvalidOperationException($"{info.FileName} ended: {Output}"));
    }

    public int Id => _process.Id;

    /// <summary>From the start of the process to its line.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static Task<AgentProcess> StartAsync(
        Build build, string directory, string engineSocket, CancellationToken cancellationToken) =>
        StartAsync(build.Agent, ["dev", "--dir", directory, "--name", "bench", "--stay-up", "0s"],
            new() { ["DOCKER_HOST"] = "unix://" + engineSocket }, cancellationToken);

    public static async Task<AgentProcess> StartAsync(
        string program, IEnumerable<string> arguments, Dictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            info.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        var agent = new AgentProcess(info);
        agent._clock.Start();
        agent._process.Start();
        agent._process.BeginOutputReadLine();
        agent._process.BeginErrorReadLine();
        try
        {
            agent.ReadyAfter = await agent._ready.Task.WaitAsync(Limit, cancellationToken);
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
                await kill.WaitForExitAsync();
            try
            {
                await _process.WaitForExitAsync().WaitAsync(Limit);
            }
            catch (TimeoutException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync();
            }
        }
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.Append(line).Append('\n');
        if (line.StartsWith("ready", StringComparison.Ordinal))
            _ready.TrySetResult(_clock.Elapsed);
    }
}
