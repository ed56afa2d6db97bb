using System.Net;
using System.Net.Sockets;
using System.Text;
using Mcp.Agent.Tests.Monitor;
using Mcp.Testing;

namespace Mcp.Agent.Tests.Hosting;

/// <summary>A real agent with the test in systemd's place: at the other end of NOTIFY_SOCKET.</summary>
[Trait("Starts", "programs")]
public sealed class ServiceManagerTests : IDisposable
{
    private const int Terminate = 15;

    private readonly TempFolder _folder = new();
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public void Dispose()
    {
        _systemd.Dispose();
        _folder.Dispose();
    }

    [UnixFact]
    public Task Run_NotifySocket_HearsReadyWhenTheAgentServesAndStoppingWhenItStops() => ReadyThenStoppingAsync(_folder.File("notify"));

    [UnixFact]
    public Task Run_AbstractNotifySocket_HearsTheSame() =>
        OperatingSystem.IsLinux() ? ReadyThenStoppingAsync($"@mcp-{Guid.NewGuid():N}") : Task.CompletedTask;

    [UnixFact]
    public async Task Run_SocketThatIsNotThere_ServesAllTheSame()
    {
        using var agent = AgentBinary.Start(
            new Dictionary<string, string> { ["NOTIFY_SOCKET"] = _folder.File("absent") }, "dev", "--dir", _folder.File("dev"));

        await agent.ReadyAsync();
        agent.Signal(Terminate);
        Assert.Equal(0, await agent.ExitAsync());
    }

    [UnixFact]
    public async Task Run_ProgramThatTheAgentStarts_DoesNotGetTheSocket()
    {
        // Where a podman answers, the agent starts none of its own.
        if (File.Exists("/run/podman/podman.sock"))
            return;
        var seen = _folder.File("seen");
        var podman =
            _folder.Write("bin/podman", $"#!/bin/sh\necho \"${{NOTIFY_SOCKET-unset}}\" > '{seen}.new'\nmv '{seen}.new' '{seen}'\nexit 1\n");
        File.SetUnixFileMode(podman, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var config = _folder.Write(
            "agent.toml", $"[agent]\ndata_dir = \"data\"\nlisten = \"127.0.0.1:{FreePort.Take()}\"\n[engine]\nkind = \"podman\"\n");
        using var agent = Start(
            _folder.File("notify"),
            new() { ["PATH"] = $"{_folder.File("bin")}:/usr/bin:/bin", ["CONTAINER_HOST"] = "", ["XDG_RUNTIME_DIR"] = "" },
            "run", "--config", config);

        Assert.Equal("READY=1", await ReceiveAsync());
        Assert.Equal("unset", (await File.ReadAllTextAsync(seen)).Trim());
    }

    private async Task ReadyThenStoppingAsync(string socket)
    {
        using var agent = Start(socket, [], "dev", "--dir", _folder.File("dev"));

        Assert.Equal("READY=1", await ReceiveAsync());
        var status = await ReceiveAsync();
        const string Listening = "STATUS=listening on ";
        Assert.StartsWith(Listening, status, StringComparison.Ordinal);
        var address = new Uri(status[Listening.Length..]);
        using (var client = new TcpClient())
            await client.ConnectAsync(address.Host, address.Port);

        // So that the signal finds an agent that has nothing left to do for its start.
        await agent.ReadyAsync();
        agent.Signal(Terminate);
        string[] last = [await ReceiveAsync(), await ReceiveAsync()];
        Assert.Equal(["STATUS=stopping; containers keep running", "STOPPING=1"], last.Order());
        Assert.Equal(0, await agent.ExitAsync());

        // Lines with the priority that the journal reads.
        Assert.Contains("<6>", agent.Error, StringComparison.Ordinal);
    }

    private AgentBinary Start(string socket, Dictionary<string, string> environment, params string[] arguments)
    {
        _systemd.Bind(new UnixDomainSocketEndPoint(socket[0] == '@' ? '\0' + socket[1..] : socket));
        return AgentBinary.Start(new Dictionary<string, string>(environment) { ["NOTIFY_SOCKET"] = socket }, arguments);
    }

    private async Task<string> ReceiveAsync()
    {
        var buffer = new byte[1000];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return Encoding.UTF8.GetString(buffer, 0, await _systemd.ReceiveAsync(buffer, limit.Token));
    }
}
