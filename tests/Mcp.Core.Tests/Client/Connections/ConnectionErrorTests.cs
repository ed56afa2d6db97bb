using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;
using Mcp.Core.Client;
using Mcp.Core.Client.Connections;
using Mcp.Core.Client.Workstation;
using Mcp.Testing;
using Mcp.Testing.Agents;

namespace Mcp.Core.Tests.Client.Connections;

/// <summary>Every way in which a node can't be reached, against real sockets and TLS.</summary>
public sealed class ConnectionErrorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ask_PinnedCertificate_Answers()
    {
        await using var agent = await TestAgent.StartAsync();
        using var client = new AgentClient(agent.Node(), TestNodes.Options);
        Assert.Equal("host", (await client.GetNodeStatusAsync(default)).Hostname);
    }

    [Fact]
    public async Task Ask_OtherFingerprint_ShowsBoth()
    {
        await using var agent = await TestAgent.StartAsync();
        var pinned = CertificateFingerprint.TryParse(new string('A', 64))!;
        var error = await FailureAsync(agent.Node() with { Fingerprint = pinned });

        Assert.Equal((ErrorKind.Unreachable, "wrong-fingerprint", "one"), (error.Kind, error.Id, error.Node));
        Assert.Contains(pinned.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains(agent.Fingerprint, error.Message, StringComparison.Ordinal);
        Assert.Empty(agent.Script.Calls);
    }

    [Fact]
    public async Task Ask_NoPinAndSelfSigned_IsNotTrusted()
    {
        await using var agent = await TestAgent.StartAsync();
        var error = await FailureAsync(agent.Node() with { Fingerprint = null });
        Assert.Equal("untrusted-certificate", error.Id);
        Assert.Contains(agent.Fingerprint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_CertificateOfTheGivenCa_Answers()
    {
        using var authority = TestCertificates.Authority();
        await using var agent = await TestAgent.StartAsync(TestCertificates.IssuedBy(authority, "localhost"));
        using var client = new AgentClient(ByAuthority(agent, authority.ExportCertificatePem()), TestNodes.Options);
        Assert.Equal("host", (await client.GetNodeStatusAsync(default)).Hostname);
    }

    [Fact]
    public async Task Ask_CertificateOfAnotherCa_IsNotTrusted()
    {
        using var authority = TestCertificates.Authority();
        using var other = TestCertificates.Authority("Other CA");
        await using var agent = await TestAgent.StartAsync(TestCertificates.IssuedBy(other, "localhost"));
        Assert.Equal("untrusted-ca", (await FailureAsync(ByAuthority(agent, authority.ExportCertificatePem()))).Id);
    }

    [Fact]
    public async Task Ask_CertificateForAnotherHost_NamesTheHosts()
    {
        using var authority = TestCertificates.Authority();
        await using var agent = await TestAgent.StartAsync(TestCertificates.IssuedBy(authority, "web1.example", "10.1.2.3"));
        var error = await FailureAsync(ByAuthority(agent, authority.ExportCertificatePem()));
        Assert.Equal("wrong-host-name", error.Id);
        Assert.Contains("web1.example, 10.1.2.3", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no certificate at all")]
    public async Task Ask_UnusableCaFile_NamesIt(string? content)
    {
        await using var agent = await TestAgent.StartAsync();
        var error = await FailureAsync(
            agent.Node() with { Fingerprint = null,
                CaCertificatePath = content is null ? "/nowhere/ca.pem" : _folder.Write("ca.pem", content) });
        Assert.Equal((ErrorKind.Usage, "unusable-ca"), (error.Kind, error.Id));
    }

    [Fact]
    public async Task Ask_OlderTls_IsRefused()
    {
        await using var agent = await TestAgent.StartAsync(protocols: SslProtocols.Tls12);
        Assert.Equal("tls-refused", (await FailureAsync(agent.Node())).Id);
    }

    [Fact]
    public async Task Ask_ServerWithoutTls_IsRefused()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            using var connection = await listener.AcceptTcpClientAsync();
            await connection.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
            await connection.GetStream().ReadAsync(new byte[1]);
        });
        var error = await FailureAsync(
            new() { Name = "one", Address = new($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"), Token = new("t") });
        Assert.Equal((ErrorKind.Unreachable, "tls-refused"), (error.Kind, error.Id));
        await answering;
    }

    [Fact]
    public async Task Ask_NothingListens_SaysSo()
    {
        var error = await FailureAsync(TestNodes.Dead("one"));
        Assert.Equal((ErrorKind.Unreachable, "connection-refused"), (error.Kind, error.Id));
        Assert.Contains("node one (127.0.0.1:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_UnknownHost_SaysSo() =>
        Assert.Equal(
            "unknown-host",
            (await FailureAsync(new() { Name = "one", Address = new("https://no-such-host.invalid:9443"), Token = new("t") })).Id);

    [Fact]
    public async Task Ask_ServerThatNeverAnswers_TimesOut()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var node =
            new NodeConfig { Name = "one", Address = new($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"),
                Token = new("t") };
        var error = await FailureAsync(node, TestNodes.Options with { ConnectTimeout = TimeSpan.FromMilliseconds(200) });
        Assert.Equal((ErrorKind.Unreachable, "connect-timeout"), (error.Kind, error.Id));
        Assert.Contains("0.2 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_AddressThatDropsPackets_TimesOut()
    {
        // A queue of connections that is full: Linux drops further ones without an answer, as a firewall would.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        using var first = new TcpClient();
        await first.ConnectAsync((IPEndPoint)listener.LocalEndPoint!);
        using var second = new TcpClient();
        var connecting = second.ConnectAsync((IPEndPoint)listener.LocalEndPoint!);

        var node = new NodeConfig { Name = "one", Address = new($"https://{listener.LocalEndPoint}"), Token = new("t") };
        var error = await FailureAsync(node, TestNodes.Options with { ConnectTimeout = TimeSpan.FromMilliseconds(200) });
        Assert.Equal((ErrorKind.Unreachable, "connect-timeout"), (error.Kind, error.Id));
        Assert.Contains("did not answer within 0.2 s", error.Message, StringComparison.Ordinal);
        Assert.False(connecting.IsCompleted);
    }

    [Fact]
    public async Task Ask_WrongToken_KeepsTheAgentsIdAndRemedy()
    {
        await using var agent = await TestAgent.StartAsync();
        var error = await FailureAsync(agent.Node() with { Token = new("other") });
        Assert.Equal((ErrorKind.Unauthenticated, "token-wrong", "make a new one"), (error.Kind, error.Id, error.Remedy));
    }

    [Theory]
    [InlineData(StatusCode.PermissionDenied, ErrorKind.Forbidden)]
    [InlineData(StatusCode.NotFound, ErrorKind.NotFound)]
    [InlineData(StatusCode.Aborted, ErrorKind.Conflict)]
    [InlineData(StatusCode.InvalidArgument, ErrorKind.Usage)]
    [InlineData(StatusCode.FailedPrecondition, ErrorKind.OperationFailed)]
    [InlineData(StatusCode.Unavailable, ErrorKind.OperationFailed)]
    [InlineData(StatusCode.Internal, ErrorKind.Internal)]
    public async Task Ask_AgentRefuses_KindFollowsTheStatusAndWordsAreTheAgents(StatusCode status, ErrorKind expected)
    {
        await using var agent = await TestAgent.StartAsync(
            script: new() { Failure = ScriptedAgent.Refusal(status, "die Engine läuft nicht", "some-id", "starte sie — jetzt") });
        var error = await FailureAsync(agent.Node());
        Assert.Equal((expected, "some-id", "starte sie — jetzt"), (error.Kind, error.Id, error.Remedy));
        Assert.Contains("die Engine läuft nicht", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_RequestLargerThanTheAgentTakes_SaysSo()
    {
        await using var agent = await TestAgent.StartAsync();
        using var client = new AgentClient(agent.Node(), TestNodes.Options);
        var error = await Assert.ThrowsAsync<McpException>(() => client.GetStatusAsync(new string('a', 5 * 1024 * 1024), default));

        Assert.Equal((ErrorKind.OperationFailed, "message-too-large"), (error.Kind, error.Id));
        Assert.Contains("a message to or from node one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_Cancelled_IsACancellation()
    {
        await using var agent = await TestAgent.StartAsync();
        using var client = new AgentClient(agent.Node(), TestNodes.Options);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetNodeStatusAsync(new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Probe_ShowsTheCertificateAndSendsNothing()
    {
        await using var agent = await TestAgent.StartAsync(TestCertificates.SelfSigned("localhost", "127.0.0.1"));
        var shown = await CertificateProbe.AskAsync("one", new(agent.Address), TimeSpan.FromSeconds(20), default);
        Assert.Equal(
            (agent.Fingerprint, "localhost, 127.0.0.1", false), (shown.Fingerprint.ToString(), shown.HostNames, shown.TrustedByMachine));
        Assert.Empty(agent.Script.Calls);
    }

    [Fact]
    public async Task Probe_NothingListens_SaysSo() =>
        Assert.Equal(
            "connection-refused",
            (await Assert.ThrowsAsync<McpException>(
                () => CertificateProbe.AskAsync("one", TestNodes.Dead("one").Address, TimeSpan.FromSeconds(20), default))).Id);

    private NodeConfig ByAuthority(TestAgent agent, string pem) =>
        agent.Node() with { Fingerprint = null, CaCertificatePath = _folder.Write("ca.pem", pem) };

    private static async Task<McpException> FailureAsync(NodeConfig node, AgentClientOptions? options = null)
    {
        using var client = new AgentClient(node, options ?? TestNodes.Options);
        return await Assert.ThrowsAsync<McpException>(() => client.GetNodeStatusAsync(default));
    }
}
