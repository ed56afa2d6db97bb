using Mcp.Core.Containers;
using Mcp.Testing.Engines;

namespace Mcp.Core.Tests.Containers.Contract;

/// <summary>Listing, images, logs, events, many at once.</summary>
public abstract partial class ContainerRuntimeContract
{
    [EngineFact]
    public async Task List_ByLabels_FindsThoseThatHaveAllOfThem()
    {
        var db = await Runtime.RunAsync(Spec("db", Serve) with { Labels = Labels().With("role", "db").With("tier", "1") }, default);
        var web = await Runtime.CreateAsync(Spec("web", Serve) with { Labels = Labels().With("role", "web") }, default);
        var done = await Runtime.RunAsync(Spec("done", "exit 7"), default);
        await UntilAsync(done, c => c.State == ContainerState.Exited && c.ExitCode is not null);
        async Task<string[]> ListAsync(params (string Key, string Value)[] labels) =>
            [.. (await Runtime.ListAsync(labels.Append(("test", Labels()["test"])).ToDictionary(l => l.Item1, l => l.Item2), default))
                .Select(c => c.Id).Order()];

        Assert.Equal(new[] { db, web, done }.Order(), await ListAsync());
        Assert.Equal([db], await ListAsync(("role", "db")));
        Assert.Equal(new[] { db, web }.Order(), await ListAsync(("role", "")));
        Assert.Equal([db], await ListAsync(("role", ""), ("tier", "1")));
        Assert.Empty(await ListAsync(("role", "d")));
        Assert.Equal(7, (await Runtime.ListAsync(Of("test", Labels()["test"]), default)).Single(c => c.Id == done).ExitCode);
    }

    [EngineFact]
    public async Task List_Entry_IsWhatInspectShows()
    {
        var id = await Runtime.RunAsync(Spec("same", Serve) with { Environment = ["A=1"], User = "0:0" }, default);

        var listed = Assert.Single(await Runtime.ListAsync(Of("test", Labels()["test"]), default));

        Assert.Equal(await Runtime.InspectAsync(id, default), listed);
    }

    [EngineFact]
    public async Task InspectImage_LocalImage_IsTheSameByEachOfItsNames()
    {
        var image = await Runtime.InspectImageAsync("localhost/mcp-test:v1", default);

        Assert.NotNull(image);
        Assert.StartsWith("sha256:", image.Id, StringComparison.Ordinal);
        Assert.True(image.Size > 100_000, $"{image.Size}");
        Assert.Contains(image.Tags, tag => tag.EndsWith("mcp-test:v1", StringComparison.Ordinal));
        Assert.Equal(image.Id, (await Runtime.InspectImageAsync("mcp-test:v1", default))?.Id);
        Assert.Equal(image.Id, (await Runtime.InspectImageAsync(image.Id, default))?.Id);
    }

    [EngineFact]
    public async Task InspectImage_NotThere_IsNull()
    {
        Assert.Null(await Runtime.InspectImageAsync("localhost/mcp-test:v404", default));
        Assert.Null(await Runtime.InspectImageAsync("registry.test:5000/team/nothing:v1", default));
    }

    [EngineFact]
    public async Task Pull_ImageInRegistry_IsThereWithItsDigest()
    {
        var steps = new List<string>();
        await Runtime.PullAsync(fixture.PullableImage, new Steps(steps), default);

        var image = await Runtime.InspectImageAsync(fixture.PullableImage, default);

        Assert.NotNull(image);
        var repository = fixture.PullableImage[..fixture.PullableImage.LastIndexOf(':')];
        var digest = image.RepoDigests.First(d => d.StartsWith(repository + "@sha256:", StringComparison.Ordinal));
        Assert.Equal(image.Id, (await Runtime.InspectImageAsync(digest, default))?.Id);
        Assert.NotEmpty(steps);
    }

    [EngineFact]
    public async Task Pull_TagNotInRegistry_IsImageNotFound()
    {
        var error = await FailsAsync(EngineError.ImageNotFound, () => Runtime.PullAsync(fixture.MissingImage, null, default));

        Assert.Contains(fixture.MissingImage, error.Message, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Pull_RegistryDown_IsRegistryUnreachable() =>
        await FailsAsync(EngineError.RegistryUnreachable, () => Runtime.PullAsync(fixture.UnreachableImage, null, default));

    [EngineFact]
    public async Task Pull_WithoutPermission_IsDenied() =>
        await FailsAsync(EngineError.Denied, () => Runtime.PullAsync(fixture.LockedImage, null, default));

    [EngineFact]
    public async Task Logs_OfEnded_HaveBothStreamsInOrder()
    {
        var id = await Runtime.RunAsync(Spec("log", "echo 'one'; echo 'zwei Käse 🧀'; echo ''; echo 'oops' >&2; exit 0"), default);
        await UntilAsync(id, c => c.State == ContainerState.Exited && c.ExitCode is not null);

        var lines = await LogAsync(id, new LogQuery());

        Assert.Equal(["one", "zwei Käse 🧀", ""], lines.Where(l => !l.IsError).Select(l => l.Text));
        Assert.Equal(["oops"], lines.Where(l => l.IsError).Select(l => l.Text));
        Assert.All(lines, line => Assert.InRange(line.At, DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddSeconds(2)));
    }

    [EngineFact]
    public async Task Logs_Tail_AreTheLastLines()
    {
        var id = await Runtime.RunAsync(Spec("tail", "echo '1'; echo '2'; echo '3'; exit 0"), default);
        await UntilAsync(id, c => c.State == ContainerState.Exited && c.ExitCode is not null);

        Assert.Equal(["2", "3"], (await LogAsync(id, new LogQuery(Tail: 2))).Select(l => l.Text));
        Assert.Empty(await LogAsync(id, new LogQuery(Tail: 0)));
    }

    [EngineFact]
    public async Task Logs_Since_LeavesOutWhatCameBefore()
    {
        var id = await Runtime.RunAsync(Spec("since", "echo '1'; echo '2'; exit 0"), default);
        await UntilAsync(id, c => c.State == ContainerState.Exited && c.ExitCode is not null);

        Assert.Empty(await LogAsync(id, new LogQuery(Since: DateTimeOffset.UtcNow.AddMinutes(1))));
        Assert.Equal(2, (await LogAsync(id, new LogQuery(Since: DateTimeOffset.UtcNow.AddMinutes(-1)))).Count);
    }

    [EngineFact]
    public async Task Logs_Follow_EndsWithTheContainer()
    {
        var id = await Runtime.RunAsync(Spec("follow", "echo 'first'; sleep 1; echo 'last'; exit 0"), default);

        var lines = await LogAsync(id, new LogQuery(Follow: true)).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(["first", "last"], lines.Select(l => l.Text));
    }

    [EngineFact]
    public async Task Logs_FollowOfQuietContainer_IsEndedByCancellation()
    {
        var id = await Runtime.RunAsync(Spec("quiet", "echo 'first'; sleep 3600"), default);
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var line in Runtime.LogsAsync(id, new LogQuery(Follow: true), stop.Token))
                await stop.CancelAsync();
        }).WaitAsync(TimeSpan.FromSeconds(20));
    }

    [EngineFact]
    public async Task Logs_OfMissing_IsNotFound() =>
        await FailsAsync(EngineError.NotFound, () => LogAsync(Name("missing"), new LogQuery()));

    [EngineFact]
    public async Task Events_OfOneLife_ComeInOrderWithNameLabelsAndCode()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var events = Runtime.EventsAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        var next = events.MoveNextAsync();

        var id = await Runtime.RunAsync(Spec("life", "sleep 0.2; exit 9"), default);
        await UntilAsync(id, c => c.State == ContainerState.Exited && c.ExitCode is not null);
        await Runtime.RenameAsync(id, Name("renamed"), default);
        await Runtime.RemoveAsync(id, default);

        var seen = new List<ContainerEvent>();
        while (await next)
        {
            if (events.Current.ContainerId == id && events.Current.Action is "create" or "start" or "die" or "rename" or "remove")
                seen.Add(events.Current);
            if (seen.Exists(e => e.Action == "remove" && e.ContainerId == id))
                break;
            next = events.MoveNextAsync();
        }

        seen.RemoveAll(e => e.ContainerId != id);
        Assert.Equal(["create", "start", "die", "rename", "remove"], seen.Select(e => e.Action));
        Assert.Equal([null, null, 9, null, null], seen.Select(e => e.ExitCode));
        Assert.Equal([Name("life"), Name("life"), Name("life"), Name("renamed"), Name("renamed")], seen.Select(e => e.ContainerName));
        Assert.All(seen, e => Assert.Equal(Labels()["test"], e.Attributes["test"]));
        Assert.All(seen, e => Assert.InRange(e.At, DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddSeconds(2)));
    }

    [EngineFact]
    public async Task Events_Cancelled_EndPromptly()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var happened in Runtime.EventsAsync(stop.Token))
                _ = happened;
        }).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [EngineFact]
    public async Task ManyAtOnce_RunListStopRemove_AllSucceed()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            var id = await RunServingAsync(Spec($"many{i}", Serve));
            await Runtime.ListAsync(Of("test", Labels()["test"]), default);
            await Runtime.StopAsync(id, TimeSpan.FromSeconds(10), default);
            Assert.NotNull(await Runtime.InspectAsync(id, default));
            await Runtime.RemoveAsync(id, default);
        }));

        Assert.Empty(await Runtime.ListAsync(Of("test", Labels()["test"]), default));
    }

    [EngineFact]
    public async Task SameNameAtOnce_OnlyOneGetsIt()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            try
            {
                await Runtime.CreateAsync(Spec("contested", Serve), default);
                return (EngineError?)null;
            }
            catch (EngineException e)
            {
                return e.Error;
            }
        }));

        Assert.Single(results, r => r is null);
        Assert.All(results, r => Assert.True(r is null or EngineError.NameTaken, $"{r}"));
    }

    protected async Task<List<ContainerLogLine>> LogAsync(string container, LogQuery query)
    {
        var lines = new List<ContainerLogLine>();
        await foreach (var line in Runtime.LogsAsync(container, query, default))
            lines.Add(line);
        return lines;
    }

    private sealed class Steps(List<string> steps) : IProgress<string>
    {
        public void Report(string value) => steps.Add(value);
    }
}
