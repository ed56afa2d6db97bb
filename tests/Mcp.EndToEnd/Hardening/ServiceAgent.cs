using System.Diagnostics;
using System.Text;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Hardening;

/// <summary>`mcp-agent run` with a configuration of its own, as a service manager starts it; no engine has to be there.</summary>
internal sealed class ServiceAgent : IAsyncDisposable
{
    private readonly TempFolder _folder = new("mcp-hard-");
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process _process = null!;

    public Uri Address { get; private set; } = null!;

    public int Pid => _process.Id;

    public bool IsRunning => !_process.HasExited;

    public string ConfigFile => Path.Combine(_folder.Path, "agent.toml");

    public string Data => Path.Combine(_folder.Path, "data");

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <param name="config">Sections of agent.toml beside [agent].</param>
    /// <param name="descriptors">How many files it may have open; null: as many as this process.</param>
    public static async Task<ServiceAgent> StartAsync(string config, int? descriptors = null, string? engineSocket = null)
    {
        var agent = new ServiceAgent();
        await File.WriteAllTextAsync(agent.ConfigFile, $"""
            [agent]
            data_dir = "data"
            listen = "127.0.0.1:{FreePort.Take()}"
            [engine]
            socket = "{engineSocket ?? Path.Combine(agent._folder.Path, "no-engine.sock")}"
            {config}
            """);
        await agent.StartAsync(descriptors);
        return agent;
    }

    public async Task<string> TokenAsync(string role, params string[] more) => TokenIn(await ChildProcess.RunAsync(
        Programs.Agent, ["token", "create", "--name", role, "--role", role, "--config", ConfigFile, .. more]));

    /// <summary>Of what `mcp-agent token create` printed, in whatever order its two outputs came.</summary>
    public static string TokenIn(string output) =>
        output.Split('\n').Single(line => line.StartsWith("mcp_", StringComparison.Ordinal)).Trim();

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
            await ChildProcess.RunAsync("kill", ["-TERM", $"{Pid}"]);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private async Task StartAsync(int? descriptors)
    {
        string[] run = ["run", "--config", ConfigFile];
        var info = descriptors is { } some
            ? Programs.Start("prlimit", [$"--nofile={some}:{some}", "--", Programs.Agent, .. run]) : Programs.Start(Programs.Agent, run);
        _process = new Process { StartInfo = info, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => Keep(e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"the agent ended: {Output}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Address = await _ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.Append(line).Append('\n');
        if (line.StartsWith("ready: ", StringComparison.Ordinal))
            _ready.TrySetResult(new(line["ready: ".Length..]));
    }
}
