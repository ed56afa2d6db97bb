using System.Net.Sockets;
using System.Text;
using Mcp.Core.Containers;
using Mcp.Core.Containers.Engine;
using Mcp.Testing;

namespace Mcp.Core.Tests.Containers.Engine;

/// <summary>Answers that no engine here gives on demand: from a socket that says whatever a test wants.</summary>
public sealed class EngineAnswersTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string SocketPath => Path.Combine(_folder.Path, "e.sock");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AnyVerb_NoSocket_IsUnreachableAndNamesThePath()
    {
        using var runtime = new DockerEngineRuntime(SocketPath);

        foreach (var act in (Func<Task>[])[
            () => runtime.GetInfoAsync(default),
            () => runtime.PullAsync("x", null, default),
            () => runtime.RemoveAsync("x", default),
            () => runtime.EventsAsync(default).GetAsyncEnumerator().MoveNextAsync().AsTask(),
            () => runtime.LogsAsync("x", new LogQuery(), default).GetAsyncEnumerator().MoveNextAsync().AsTask()])
        {
            var error = await Assert.ThrowsAsync<EngineException>(act);
            Assert.Equal(EngineError.Unreachable, error.Error);
            Assert.Contains(SocketPath, error.Message, StringComparison.Ordinal);
            Assert.Contains("systemctl start", error.Remedy, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AnyVerb_SocketNobodyListensOn_IsUnreachable()
    {
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            socket.Bind(new UnixDomainSocketEndPoint(SocketPath));
        using var runtime = new DockerEngineRuntime(SocketPath);

        Assert.Equal(EngineError.Unreachable, (await Assert.ThrowsAsync<EngineException>(() => runtime.GetInfoAsync(default))).Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Id\":")]
    [InlineData("this is no HTTP at all\r\n\r\n")]
    public async Task Inspect_ConnectionEndsEarly_IsUnreachable(string answer) =>
        Assert.Equal(
            EngineError.Unreachable,
            (await Assert.ThrowsAsync<EngineException>(() => AskAsync(answer, r => r.InspectAsync("x", default)))).Error);

    [Theory]
    [InlineData("no json")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"Id\":7}")]
    public async Task Inspect_AnswerThatIsNoContainer_IsFailedWithARemedy(string body)
    {
        var error = await Assert.ThrowsAsync<EngineException>(() => AskAsync(Ok(body), r => r.InspectAsync("x", default)));

        Assert.Equal(EngineError.Failed, error.Error);
        Assert.Contains("podman", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_SparseAnswer_IsRead()
    {
        ContainerInfo? info = null;
        await AskAsync(Ok("""{"Id":"abc","Name":"/x","Config":{"Cmd":"sleep 3600","Env":null},"State":{"Status":"stopped","ExitCode":3,"StartedAt":"2026-11-22T14:11:18.123456789+01:00"},"HostConfig":{"PortBindings":{"80/tcp":null,"81/udp":[{"HostIp":"0.0.0.0","HostPort":"8081"}]}}}"""), async r => info = await r.InspectAsync("x", default));

        Assert.Equal(new ContainerInfo
        {
            Id = "abc",
            Name = "x",
            Image = "",
            State = ContainerState.Exited,
            ExitCode = 3,
            RestartPolicy = "no",
            StartedAt = new DateTimeOffset(2026, 11, 22, 13, 11, 18, TimeSpan.Zero).AddTicks(1234567),
            Command = ["sleep 3600"],
            Ports = [new PortBinding(null, 8081, 81, "udp")],
        }, info);
    }

    [Theory]
    [InlineData("read /proc/27075/cgroup: no such process")]
    [InlineData("open /proc/27075/cgroup: no such file or directory")]
    public async Task Inspect_ProcessEndsInTheMiddle_AsksAgain(string words)
    {
        ContainerInfo? info = null;
        await AskAsync(
            [Error(words), Error(words), Ok("""{"Id":"abc","Name":"/x","State":{"Status":"exited"}}""")],
            async r => info = await r.InspectAsync("x", default));

        Assert.Equal(ContainerState.Exited, info!.State);
    }

    [Fact]
    public async Task Inspect_OtherFailure_IsNotAskedAgain() =>
        Assert.Contains("database is locked", (await Assert.ThrowsAsync<EngineException>(() => AskAsync(
            [Error("database is locked"), Ok("""{"Id":"abc"}""")], r => r.InspectAsync("x", default)))).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task Pull_ErrorInsideTheStream_Fails()
    {
        var stream =
            "{\"status\":\"Trying\",\"id\":\"abc\"}\r\n{\"error\":\"manifest unknown\",\"errorDetail\":{\"message\":\"manifest " +
            "unknown\"}}\n";

        Assert.Equal(
            EngineError.ImageNotFound,
            (await Assert.ThrowsAsync<EngineException>(() => AskAsync(Ok(stream), r => r.PullAsync("r/x:v1", null, default)))).Error);
    }

    [Fact]
    public async Task Pull_StreamCutOff_IsUnreachable() =>
        Assert.Equal(EngineError.Unreachable, (await Assert.ThrowsAsync<EngineException>(() =>
            AskAsync(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}\r\n\r\n", r => r.PullAsync("r/x:v1", null, default)))).Error);

    [Fact]
    public async Task Events_StreamEnds_IsUnreachable()
    {
        var seen = new List<ContainerEvent>();
        var error = await Assert.ThrowsAsync<EngineException>(() => AskAsync(
            Ok("""{"status":"died","id":"abc","Action":"died","Actor":{"ID":"abc","Attributes":{"name":"web","containerExitCode":"3"}},"time":1795353130,"timeNano":1795353130671338581}""" + "\n"),
            async r =>
            {
                await foreach (var happened in r.EventsAsync(default))
                    seen.Add(happened);
            }));

        Assert.Equal(EngineError.Unreachable, error.Error);
        Assert.Equal(("die", "abc", "web", 3), (seen[0].Action, seen[0].ContainerId, seen[0].ContainerName, seen[0].ExitCode));
    }

    [Theory]
    [InlineData("""{"Action":"destroy","Actor":{"ID":"a"}}""", "remove", null)]
    [InlineData("""{"Action":"die","Actor":{"ID":"a","Attributes":{"exitCode":"137"}}}""", "die", 137)]
    [InlineData("""{"status":"start","id":"a","time":1}""", "start", null)]
    [InlineData("""{"Action":"health_status: unhealthy","Actor":{"ID":"a"}}""", "health_status", null)]
    public void ToEvent_EitherSpelling_IsOne(string json, string action, int? exitCode)
    {
        var happened = DockerEngineRuntime.ToEvent(json);

        Assert.Equal((action, "a", exitCode), (happened!.Action, happened.ContainerId, happened.ExitCode));
        if (action == "health_status")
            Assert.Equal("unhealthy", happened.Attributes["health_status"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"Type":"network","Action":"connect"}""")]
    public void ToEvent_NoContainerEvent_IsNull(string json) => Assert.Null(DockerEngineRuntime.ToEvent(json));

    public static TheoryData<string> Hostile => EnginePathTests.Hostile;

    /// <summary>Every request that takes a text from elsewhere: whatever the text, none asks for another path than its own.</summary>
    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task AnyVerb_TextThatIsNoName_ReachesNoOtherPath(string text)
    {
        Func<DockerEngineRuntime, Task>[] verbs =
        [
            r => r.InspectAsync(text, default), r => r.StartAsync(text, default), r => r.StopAsync(text, TimeSpan.Zero, default),
            r => r.RenameAsync(text, "x", default), r => r.RenameAsync("x", text, default), r => r.ExecAsync(text, ["true"], default),
            r => r.LogsAsync(text, new LogQuery(), default).GetAsyncEnumerator().MoveNextAsync().AsTask(),
            r => r.InspectImageAsync(text, default), r => r.TagImageAsync(text, "x:v1", default), r => r.TagImageAsync("x", text, default),
            r => r.RemoveImageAsync(text, default), r => r.PullAsync(text, null, default),
            r => r.CreateAsync(new ContainerSpec { Name = text, Image = "x" }, default),
            r => r.CreateAsync(new ContainerSpec { Name = "x", Image = text }, default),
            r => r.CreateAsync(new ContainerSpec { Name = "x", Image = "x", Network = text }, default),
            r => r.RemoveAsync(text, default),
        ];
        var requests = new List<string>();
        foreach (var verb in verbs)
            await AskAsync([Ok("{}", "404 Not Found")], async r => await Record.ExceptionAsync(() => verb(r)), requests);

        Assert.NotEmpty(requests);
        Assert.All(requests, line => Assert.Matches(
            @"^(GET|POST|DELETE) /v1\.41/(_ping|version|info|containers/create\?name=[^ /]*|containers/x/rename\?name=[^ /]*"
            + @"|images/create\?fromImage=[^ /]*|images/(localhost/|docker\.io/library/)?x/(tag\?repo=[^ /]*&tag=[^ /]*|json)) HTTP/1\.1$",
            line));
    }

    private static string Error(string words) => Ok($$"""{"message":"{{words}}"}""", "500 Internal Server Error");

    private static string Ok(string body, string status = "200 OK") =>
        $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: " +
        $"close\r\n\r\n{body}";

    private Task AskAsync(string answer, Func<DockerEngineRuntime, Task> ask) => AskAsync([answer], ask);

    /// <summary>Answers each connection's first request with the next of these, then always with the last, and hangs up.</summary>
    /// <param name="requests">Gets the first line of each request.</param>
    private async Task AskAsync(string[] answers, Func<DockerEngineRuntime, Task> ask, List<string>? requests = null)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen();
        using var stop = new CancellationTokenSource();
        var server = ServeAsync();
        using var runtime = new DockerEngineRuntime(SocketPath);
        try
        {
            await ask(runtime).WaitAsync(TimeSpan.FromSeconds(20));
        }
        finally
        {
            await stop.CancelAsync();
            await server;
        }

        async Task ServeAsync()
        {
            var buffer = new byte[64 * 1024];
            for (var next = 0; !stop.IsCancellationRequested; next++)
            {
                try
                {
                    using var connection = await listener.AcceptAsync(stop.Token);
                    var count = await connection.ReceiveAsync(buffer, stop.Token);
                    requests?.Add(Encoding.UTF8.GetString(buffer, 0, count).Split("\r\n")[0]);
                    await connection.SendAsync(Encoding.UTF8.GetBytes(answers[Math.Min(next, answers.Length - 1)]), stop.Token);
                    connection.Shutdown(SocketShutdown.Both);
                }
                catch (OperationCanceledException)
                {
                }
            }
        }
    }
}
