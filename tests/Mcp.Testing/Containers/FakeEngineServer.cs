using System.Globalization;
using System.Text.Json.Nodes;
using Mcp.Core.Containers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mcp.Testing.Containers;

/// <summary>The containers of a <see cref="FakeContainerRuntime"/> behind the API of podman or docker, as far as it is for looking:
/// list, inspection and events. Rows of lists tell no more than those of the engines.</summary>
public sealed class FakeEngineServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TempFolder _folder;
    private readonly FakeContainerRuntime _engine;
    private readonly TimeProvider _time;

    private FakeEngineServer(WebApplication app, TempFolder folder, FakeContainerRuntime engine, TimeProvider time, bool isPodman)
    {
        (_app, _folder, _engine, _time) = (app, folder, engine, time);
        app.MapGet("/v1.41/_ping", (HttpContext context) =>
        {
            context.Response.Headers.Server = isPodman ? "Libpod/4.3.1 (linux)" : "Docker/20.10.24 (linux)";
            return "OK";
        });
        app.MapGet(isPodman ? "/v4.0.0/libpod/containers/json" : "/v1.41/containers/json", (string? filters) => AnswerAsync(async () =>
            new JsonArray([.. (await engine.ListAsync(Labels(filters), default)).Select(c => isPodman ? PodmanRow(c) : DockerRow(c))])));
        app.MapGet("/v1.41/containers/{id}/json", (string id) => AnswerAsync(async () =>
            await engine.InspectAsync(id, default) is { } found ? Inspection(found) : null));
        app.MapGet("/v1.41/events", EventsAsync);
    }

    public string SocketPath => SocketIn(_folder);

    /// <summary>When an event is sent, and how often; null: once, at once.</summary>
    public Func<ContainerEvent, Task<int>>? Deliver { get; set; }

    public static async Task<FakeEngineServer> StartAsync(FakeContainerRuntime engine, TimeProvider time, bool isPodman)
    {
        var folder = new TempFolder();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(SocketIn(folder)));
        var server = new FakeEngineServer(builder.Build(), folder, engine, time, isPodman);
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using (var now = new CancellationTokenSource(TimeSpan.Zero))
            await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private static string SocketIn(TempFolder folder) => Path.Combine(folder.Path, "e.sock");

    private async Task EventsAsync(HttpContext context)
    {
        await using var events = _engine.EventsAsync(context.RequestAborted).GetAsyncEnumerator(context.RequestAborted);
        var next = events.MoveNextAsync();
        await context.Response.Body.FlushAsync();
        try
        {
            for (; await next; next = events.MoveNextAsync())
            {
                var happened = events.Current;
                for (var times = Deliver is null ? 1 : await Deliver(happened); times > 0; times--)
                    await context.Response.WriteAsync(Event(happened).ToJsonString() + "\n");
                await context.Response.Body.FlushAsync();
            }
        }
        catch (EngineException)
        {
            context.Abort();
        }
    }

    /// <param name="answer">null: not found.</param>
    private static async Task<IResult> AnswerAsync(Func<Task<JsonNode?>> answer)
    {
        try
        {
            return await answer() is { } node ? Results.Text(node.ToJsonString(), "application/json") : Results.NotFound();
        }
        catch (EngineException e)
        {
            return Results.Text(new JsonObject { ["message"] = e.Message }.ToJsonString(), "application/json", statusCode: 500);
        }
    }

    private static Dictionary<string, string> Labels(string? filters) =>
        filters is null ? [] : JsonNode.Parse(filters)!["label"]!.AsArray().Select(label => label!.GetValue<string>().Split('=', 2))
            .ToDictionary(parts => parts[0], parts => parts is [_, var value] ? value : "");

    private static JsonObject PodmanRow(ContainerInfo c) => new()
    {
        ["Id"] = c.Id,
        ["Names"] = new JsonArray(c.Name),
        ["State"] = Word(c),
        ["Created"] = Text(c.CreatedAt),
        ["StartedAt"] = c.StartedAt?.ToUnixTimeSeconds() ?? -62135596800,
        ["ExitedAt"] = c.FinishedAt?.ToUnixTimeSeconds() ?? -62135596800,
        ["ExitCode"] = c.ExitCode ?? 0,
    };

    /// <summary>Times as words, as docker has them; coarser than its own.</summary>
    private JsonObject DockerRow(ContainerInfo c) => new()
    {
        ["Id"] = c.Id,
        ["Names"] = new JsonArray("/" + c.Name),
        ["State"] = Word(c),
        ["Status"] = c.State switch
        {
            ContainerState.Running => "Up " + Ago(c.StartedAt),
            ContainerState.Paused => $"Up {Ago(c.StartedAt)} (Paused)",
            ContainerState.Exited => string.Create(CultureInfo.InvariantCulture, $"Exited ({c.ExitCode ?? 0}) {Ago(c.FinishedAt)} ago"),
            _ => Word(c),
        },
    };

    private string Ago(DateTimeOffset? at) => (int)(_time.GetUtcNow() - (at ?? default)).TotalSeconds switch
    {
        < 1 => "Less than a second",
        < 60 and var seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds} seconds"),
        < 3600 and var seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60} minutes"),
        var seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600} hours"),
    };

    private static JsonObject Inspection(ContainerInfo c) => new()
    {
        ["Id"] = c.Id,
        ["Name"] = "/" + c.Name,
        ["Image"] = c.ImageId,
        ["Created"] = Text(c.CreatedAt),
        ["RestartCount"] = c.RestartCount,
        ["State"] = new JsonObject
        {
            ["Status"] = Word(c),
            ["ExitCode"] = c.ExitCode ?? 0,
            ["OOMKilled"] = c.OutOfMemory,
            ["StartedAt"] = Text(c.StartedAt ?? default),
            ["FinishedAt"] = Text(c.FinishedAt ?? default),
        },
        ["Config"] = new JsonObject
        {
            ["Image"] = c.Image,
            ["Labels"] = new JsonObject(c.Labels.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value))),
        },
        ["HostConfig"] = new JsonObject { ["RestartPolicy"] = new JsonObject { ["Name"] = c.RestartPolicy, ["MaximumRetryCount"] = 0 } },
    };

    private static JsonObject Event(ContainerEvent happened) => new()
    {
        ["Action"] = happened.Action,
        ["Actor"] = new JsonObject
        {
            ["ID"] = happened.ContainerId,
            ["Attributes"] = new JsonObject(happened.Attributes.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value))),
        },
        ["timeNano"] = (happened.At - DateTimeOffset.UnixEpoch).Ticks * 100,
    };

    private static string Word(ContainerInfo c) => c.State.ToString().ToLowerInvariant();

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ss.fffffffK", CultureInfo.InvariantCulture);
}
