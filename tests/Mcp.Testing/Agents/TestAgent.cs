using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mcp.Testing.Agents;

/// <summary>An agent's network side, real down to TLS and gRPC, over a <see cref="ScriptedAgent"/>.</summary>
public sealed class TestAgent : IAsyncDisposable
{
    public const string Token = "test-token";

    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;

    private TestAgent(WebApplication app, X509Certificate2 certificate, ScriptedAgent script) =>
        (_app, _certificate, Script) = (app, certificate, script);

    public ScriptedAgent Script { get; }

    public int Port => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    public string Address => $"https://localhost:{Port}";

    public string Fingerprint =>
        string.Join(
            ':', SHA256.HashData(_certificate.RawData).Select(b => b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));

    /// <param name="port">0: a free one.</param>
    public static async Task<TestAgent> StartAsync(
        X509Certificate2? certificate = null, SslProtocols protocols = SslProtocols.Tls13, ScriptedAgent? script = null, int port = 0)
    {
        certificate ??= TestCertificates.SelfSigned("localhost");
        script ??= new ScriptedAgent();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(certificate, https => https.SslProtocols = protocols);
        }));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(script);
        builder.Services.AddGrpc();
        var app = builder.Build();
        app.UseRouting();
        app.MapGrpcService<ScriptedAgent>();
        await app.StartAsync();
        return new(app, certificate, script);
    }

    /// <summary>Ends at once, with its connections, as a machine does that loses power.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _certificate.Dispose();
    }
}
