using System.Diagnostics;
using System.Text.Json;
using Grpc.Compat.Tests.Probe;
using Grpc.Core;

namespace Grpc.Compat.Tests.Interop;

public sealed class PlainServer() : OwnPeer(tls: false);

/// <summary>What a client in another language gets from our server.</summary>
public abstract class ClientContract(Runtime runtime, PlainServer server)
{
    [PeerFact]
    public async Task Unary_Text_IsEchoed() => Assert.Equal("""{"text":"grüße, 世界"}""", await RunAsync("unary"));

    [PeerFact]
    public async Task Unary_GzipRequest_IsRead() => Assert.Equal("""{"text":10000}""", await RunAsync("gzip"));

    [PeerFact]
    public async Task Unary_DeflateRequest_IsUnimplemented() => Assert.Equal(StatusCode.Unimplemented, CodeOf(await RunAsync("deflate")));

    [PeerFact]
    public async Task Unary_EightMebibytes_AreEchoed() => Assert.Equal("""{"same":true}""", await RunAsync("large"));

    [PeerFact]
    public async Task SizeLimit_OfTheServer_IsResourceExhausted() =>
        Assert.Equal(StatusCode.ResourceExhausted, CodeOf(await RunAsync("server-limit", server.LimitedAddress)));

    [PeerFact]
    public async Task ServerStreaming_Count_GivesSoManyReplies() =>
        Assert.Equal(100, Parse(await RunAsync("server-streaming")).GetProperty("texts").GetArrayLength());

    [PeerFact]
    public async Task ServerStreaming_ErrorAfterMessages_ComesAfterThem()
    {
        var result = Parse(await RunAsync("server-streaming-error"));

        Assert.Equal(2, result.GetProperty("texts").GetArrayLength());
        Assert.Equal((int)StatusCode.Aborted, result.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal("später", result.GetProperty("error").GetProperty("details").GetString());
    }

    [PeerFact]
    public async Task ClientStreaming_Requests_AreCollected() =>
        Assert.Equal($$"""{"text":"{{string.Join(',', Enumerable.Range(0, 50))}}"}""", await RunAsync("client-streaming"));

    [PeerFact]
    public async Task Duplex_PingPong_AnswersEachBeforeTheNext()
    {
        var result = Parse(await RunAsync("duplex"));

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"ball {i}"), result.GetProperty("texts").EnumerateArray().Select(text => text.GetString()));
        Assert.Equal(0, result.GetProperty("code").GetInt32());
    }

    [PeerFact]
    public async Task Metadata_TextAndBytes_ComeBackInHeadersAndTrailers()
    {
        const string Sent = """{"text":"words, with comma","bytes":["000102feff","07"]}""";

        Assert.Equal($$"""{"headers":{{Sent}},"trailers":{{Sent}}}""", await RunAsync("metadata"));
    }

    [PeerFact]
    public async Task Error_StatusAndDetails_ComeThrough()
    {
        var error = Parse(await RunAsync("error"));

        Assert.Equal((int)StatusCode.NotFound, error.GetProperty("code").GetInt32());
        Assert.Equal("nicht gefunden: Größe 100 % 世界\nzweite Zeile", error.GetProperty("details").GetString());
        Assert.Equal("0805ff", error.GetProperty("binary").GetString());
    }

    [PeerFact]
    public async Task Exception_InTheHandler_IsUnknownWithoutItsWords()
    {
        var error = Parse(await RunAsync("throw"));

        Assert.Equal((int)StatusCode.Unknown, error.GetProperty("code").GetInt32());
        Assert.Equal("Exception was thrown by handler.", error.GetProperty("details").GetString());
    }

    [PeerFact]
    public Task Deadline_Passes_EndsBothSides() => EndsBothSides("deadline", StatusCode.DeadlineExceeded);

    [PeerFact]
    public Task Cancellation_EndsBothSides() => EndsBothSides("cancel", StatusCode.Cancelled);

    [PeerFact]
    public async Task UnknownMethod_IsUnimplemented() => Assert.Equal(StatusCode.Unimplemented, CodeOf(await RunAsync("unknown-method")));

    [PeerFact]
    public async Task ManyCalls_AtOnce_AllGetTheirOwnAnswer() => Assert.Equal("""{"right":true}""", await RunAsync("concurrent"));

    private async Task EndsBothSides(string scenario, StatusCode expected)
    {
        var result = Parse(await RunAsync(scenario));

        Assert.Equal((int)expected, result.GetProperty("error").GetProperty("code").GetInt32());
        Assert.True(result.GetProperty("seen").GetBoolean());
    }

    private Task<string> RunAsync(string scenario) => RunAsync(scenario, server.Address);

    /// <returns>The result in JSON, without white space.</returns>
    private async Task<string> RunAsync(string scenario, Uri address)
    {
        using var process = Process.Start(PeerRuntime.Script(runtime, "client", $"{address.Host}:{address.Port}", scenario))!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await Guard.Within(process.WaitForExitAsync());
            Assert.True(process.ExitCode == 0, await errors);
            return JsonSerializer.Serialize(Parse(await output), Unescaped);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;

    private static StatusCode CodeOf(string json) => (StatusCode)Parse(json).GetProperty("code").GetInt32();
}

/// <summary>@grpc/grpc-js against our server.</summary>
[Trait("Group", "interop")]
[Requires(Runtime.Node)]
public sealed class NodeClientTests(PlainServer server) : ClientContract(Runtime.Node, server), IClassFixture<PlainServer>;

/// <summary>grpcio against our server.</summary>
[Trait("Group", "interop")]
[Requires(Runtime.Python)]
public sealed class PythonClientTests(PlainServer server) : ClientContract(Runtime.Python, server), IClassFixture<PlainServer>;
