using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Mcp.Agent.Auth;
using Mcp.Agent.Engine;
using Mcp.Agent.Hosting;
using Mcp.Testing;
using Mcp.Testing.Containers;
using Mcp.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Tests.Hosting;

/// <summary>The whole agent in this process, on a port of its own, over the fake engine.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    private RunningAgent()
    {
    }

    public FakeContainerRuntime Engine { get; } = new();

    public AgentHost Host { get; private set; } = null!;

    public DataDirectory Data => new(_folder.Path);

    public static async Task<RunningAgent> StartAsync(Func<TempFolder, TlsConfig>? tls = null, Action<IServiceCollection>? replace = null)
    {
        var agent = new RunningAgent();
        var config = new AgentConfig
        {
            Name = "n1",
            DataDirectory = agent._folder.Path,
            Listen = new(IPAddress.Loopback, 0),
            Tls = tls?.Invoke(agent._folder) ?? new(),
            LogLevel = LogLevel.Warning,
        };
        agent.Host = await AgentHost.StartAsync(
            config,
            TimeProvider.System,
            services =>
            {
                services.AddSingleton<EngineSearch>(_ => Task.FromResult(new OpenEngine(agent.Engine, "fake", new NothingToEnd())));
                replace?.Invoke(services);
            },
            default);
        return agent;
    }

    public Task<string> TokenAsync(Role role) =>
        new TokenStore(Data.Tokens, TimeProvider.System).CreateAsync(role.ToText(), role, null, default);

    /// <param name="trust">null: takes the certificate as it is.</param>
    public NodeAgent.NodeAgentClient Client(out GrpcChannel channel, RemoteCertificateValidationCallback? trust = null)
    {
        channel = GrpcChannel.ForAddress(Host.Address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = trust ?? ((_, _, _, _) => true) } },
            DisposeHttpClient = true,
        });
        return new(channel);
    }

    public static Metadata Bearer(string token) => new() { { "authorization", $"Bearer {token}" } };

    /// <summary>Accepts the certificate with this fingerprint and no other.</summary>
    public static RemoteCertificateValidationCallback Pin(string fingerprint) =>
        (_, certificate, _, _) =>
            certificate!.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256) == fingerprint.Replace(
                ":", "", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _folder.Dispose();
    }

    private sealed class NothingToEnd : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
