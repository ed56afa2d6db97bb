using System.Text;
using Mcp.Core.Client.Workstation;
using Mcp.Testing;
using Mcp.Testing.Agents;

namespace Mcp.Cli.Tests;

internal sealed record CliResult(int ExitCode, string Out, string Error);

/// <summary>A workstation of one test: its config, services folder, clock, and `mcp` run inside this process.</summary>
internal sealed class CliFixture : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<TestAgent> _agents = [];

    public TempFolder Folder { get; } = new();

    public string ConfigPath => Path.Combine(Folder.Path, "mcp.toml");

    public async Task<TestAgent> AddNodeAsync(string name, ScriptedAgent? script = null)
    {
        var agent = await TestAgent.StartAsync(script: script);
        _agents.Add(agent);
        AddNode(name, agent.Address, agent.Fingerprint, TestAgent.Token);
        return agent;
    }

    public void AddNode(string name, string address, string fingerprint, string token) =>
        Append($"[[nodes]]\nname = \"{name}\"\naddress = \"{address}\"\nfingerprint = \"{fingerprint}\"\ntoken = \"{token}\"\n");

    /// <summary>A node whose agent is not running.</summary>
    public async Task AddDeadNodeAsync(string name)
    {
        await using var agent = await TestAgent.StartAsync();
        AddNode(name, agent.Address, agent.Fingerprint, TestAgent.Token);
    }

    public void WriteService(string name, string? node = null, string image = "localhost/hello:v1") =>
        Folder.Write(
            $"services/{name}.toml",
            $"name = \"{name}\"\n{(node is null ? "" : $"node = \"{node}\"\n")}[[components]]\nname = \"web\"\nimage = \"{image}\"\n");

    public Task<CliResult> RunAsync(params string[] arguments) => RunAsync("", arguments, default);

    public Task<CliResult> RunAsync(string input, string[] arguments, CancellationToken cancellationToken) =>
        RunAsync(new Session { Input = input }, arguments, cancellationToken);

    public async Task<CliResult> RunAsync(Session session, string[] arguments, CancellationToken cancellationToken)
    {
        await using TextWriter output = session.ReaderLeft ? new ClosedPipe() : new WatchedWriter(session.Await);
        await using var error = new WatchedWriter(session.Await);
        var host = new CliHost
        {
            In = new StringReader(session.Input),
            Out = output,
            Console = TestConsole.For(output, session.Width),
            Error = TestConsole.For(error, 10_000),
            Environment = new()
            {
                Variable = name => name == "MCP_CONFIG" ? ConfigPath : null,
                HomeDirectory = Folder.Path,
                CurrentDirectory = Folder.Path,
            },
            Time = new FixedTime(),
            IsTerminal = session.IsTerminal,
            CanAsk = session.CanAsk,
        };
        var exitCode = await CommandLine.RunAsync(arguments, host, cancellationToken);
        return new(exitCode, output.ToString()!.ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
            await agent.DisposeAsync();
        Folder.Dispose();
    }

    private void Append(string text)
    {
        File.AppendAllText(ConfigPath, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(ConfigPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    internal sealed record Session
    {
        public string Input { get; init; } = "";

        public int Width { get; init; } = 200;

        public bool IsTerminal { get; init; }

        public bool CanAsk { get; init; }

        /// <summary>Standard output is a pipe whose reader has ended.</summary>
        public bool ReaderLeft { get; init; }

        /// <summary>Done once standard output or standard error shows this.</summary>
        public (string Text, TaskCompletionSource Seen)? Await { get; init; }
    }

    private sealed class WatchedWriter((string Text, TaskCompletionSource Seen)? awaited) : StringWriter
    {
        public override void Write(string? value)
        {
            base.Write(value);
            if (awaited is var (text, seen) && ToString().Contains(text, StringComparison.Ordinal))
                seen.TrySetResult();
        }
    }

    private sealed class ClosedPipe : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("Broken pipe", 32);

        public override string ToString() => "";
    }

    /// <summary>Says one time in outputs; waits go by the real clock.</summary>
    private sealed class FixedTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
