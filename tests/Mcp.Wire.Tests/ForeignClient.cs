using System.Diagnostics;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.Wire.Tests;

/// <summary>A call for a client in another language to make.</summary>
/// <param name="Kind">"unary", "server" (streaming) or "duplex".</param>
/// <param name="Method">"/mcp.v1.NodeAgent/GetStatus".</param>
internal sealed record ForeignCall(string Kind, string Method, params IMessage[] Requests)
{
    /// <summary>"": none; null: the test's usual one.</summary>
    public string? Token { get; init; }

    /// <summary>Milliseconds; 0: a minute.</summary>
    public int Deadline { get; init; }

    /// <summary>Messages after which the client cancels; 0: never.</summary>
    public int CancelAfter { get; init; }
}

/// <summary>What the client saw.</summary>
/// <param name="Trailers">Binary ones as text.</param>
/// <param name="Messages">In base64.</param>
internal sealed record ForeignAnswer(StatusCode Code, string Details, Dictionary<string, string> Trailers, List<string> Messages)
{
    public IReadOnlyList<T> Read<T>(MessageParser<T> parser)
        where T : IMessage<T> => Messages.ConvertAll(message => parser.ParseFrom(ByteString.FromBase64(message)));
}

/// <summary>A gRPC client that this project did not write, in a process of its own.</summary>
public abstract class ForeignClient(string script, string? program, string missing) : IMayBeUnavailable
{
    private const int MessageLimit = 16 * 1024 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    protected static string Folder => Path.Combine(SourceTree.Root, "tests", "Mcp.Wire.Tests", "clients");

    public string? Unavailable => program is null ? missing : null;

    /// <param name="root">The file with the CA that issued the server's certificate.</param>
    internal async Task<ForeignAnswer> MakeAsync(ForeignCall call, Uri address, string root)
    {
        var start = new ProcessStartInfo(program!, [Path.Combine(Folder, script)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // A proxy of the machine's is not for loopback.
            Environment = { ["no_proxy"] = "*", ["NO_PROXY"] = "*" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.WriteAsync(JsonSerializer.Serialize(
                new
                {
                    address = $"localhost:{address.Port}",
                    root,
                    limit = MessageLimit,
                    call.Kind,
                    call.Method,
                    call.Token,
                    call.Deadline,
                    call.CancelAfter,
                    requests = call.Requests.Select(request => request.ToByteString().ToBase64()),
                },
                Json));
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
            Assert.True(process.ExitCode == 0, await errors);
            return JsonSerializer.Deserialize<ForeignAnswer>(await output, Json)!;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}

/// <summary>@grpc/grpc-js.</summary>
public sealed class NodeClient() : ForeignClient(
    "client.js",
    Directory.Exists(Path.Combine(Folder, "node_modules", "@grpc", "grpc-js")) ? ChildProcess.Find("node") : null,
    "node is not installed, or @grpc/grpc-js is not (npm ci in tests/Mcp.Wire.Tests/clients)");

/// <summary>grpcio of Debian, which belongs to Debian's Python: that need not be the first on PATH.</summary>
public sealed class PythonClient() : ForeignClient(
    "client.py",
    Directory.Exists("/usr/lib/python3/dist-packages/grpc") ? "/usr/bin/python3" : null,
    "Debian's package python3-grpcio is not installed");
