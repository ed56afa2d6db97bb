using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Mcp.Testing.Engines;

namespace Mcp.Bench.Rows;

/// <summary>Creating and starting the containers of a service with nothing but calls to the engine's socket.</summary>
internal sealed class StraightDeploy : IDisposable
{
    private readonly HttpClient _engine;

    public StraightDeploy(string socket) => _engine = new HttpClient(new SocketsHttpHandler
    {
        ConnectCallback = async (_, token) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), token);
            return new NetworkStream(connection, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://engine/v1.41/") };

    /// <returns>Milliseconds.</returns>
    public async Task<double> RunAsync(int containers, int atOnce, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, containers), new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
            async (number, token) =>
            {
                // What the agent creates has labels as well, and the same restart policy.
                var spec = new StringBuilder("{\"Image\":\"").Append(TestEngine.Image).Append("\",\"Cmd\":[")
                    .AppendJoin(',', Node.Sleep.Select(word => $"\"{word}\""))
                    .Append("],\"Labels\":{\"bench\":\"straight\"},\"HostConfig\":{\"RestartPolicy\":{\"Name\":\"unless-stopped\"}}}");
                var created = await PostAsync($"containers/create?name=straight-{number}", spec.ToString(), token);
                var id = JsonDocument.Parse(created).RootElement.GetProperty("Id").GetString();
                await PostAsync($"containers/{id}/start", null, token);
            });
        return clock.Elapsed.TotalMilliseconds;
    }

    public void Dispose() => _engine.Dispose();

    private async Task<string> PostAsync(string path, string? json, CancellationToken cancellationToken)
    {
        using var body = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await _engine.PostAsync(new Uri(path, UriKind.Relative), body, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {text}");
    }
}
