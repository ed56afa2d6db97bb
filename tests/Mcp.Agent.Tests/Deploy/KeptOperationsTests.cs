using Mcp.Agent.Deploy;
using Mcp.Agent.Monitor;
using Mcp.Core.Operations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Mcp.Agent.Tests.Deploy;

public sealed class KeptOperationsTests : IDisposable
{
    private readonly OperationHost _host =
        new(new BusyServices(TimeProvider.System), TimeProvider.System, NullLogger<OperationHost>.Instance);

    public void Dispose() => _host.Dispose();

    /// <summary>What a deploy of hundreds of components reports is kept for those who watch it later, but not that of two hundred
    /// deploys.</summary>
    [Fact]
    public async Task Ended_WithMoreUpdatesThanAreKept_TheOldestGo()
    {
        var running = new TaskCompletionSource();
        var operations = new List<Operation>();
        for (var i = 0; i < 6; i++)
            operations.Add(await RunAsync($"s{i}", 9_000, i == 3 ? running.Task : Task.CompletedTask));

        Assert.Equal([false, false, false, true, true, true], operations.Select(o => _host.Find(o.Id) is not null));
        running.SetResult();
        await operations[3].Ended;
    }

    /// <summary>A pipeline that restarts hundreds of components begins as many operations in one second.</summary>
    [Fact]
    public async Task Ids_OfOneSecond_AreDistinct()
    {
        using var host = new OperationHost(
            new BusyServices(TimeProvider.System), new FakeTimeProvider(), NullLogger<OperationHost>.Instance);
        var ids = new HashSet<string>();
        for (var i = 0; i < 2000; i++)
            ids.Add((await host.LockAsync(
                new(OperationKind.Restart, $"s{i}", null, DeployFixture.Alice), null, CancellationToken.None)).Id);

        Assert.Equal(2000, ids.Count);
    }

    private async Task<Operation> RunAsync(string service, int updates, Task until)
    {
        var operation = await _host.LockAsync(
            new(OperationKind.Deploy, service, null, DeployFixture.Alice), null, CancellationToken.None);
        var reported = new TaskCompletionSource();
        _host.Run(operation, async _ =>
        {
            for (var i = 0; i < updates; i++)
                operation.Publish(new StepProgressed(operation.Id, operation.StartedAt, i, StepState.Running, "", TimeSpan.Zero));
            reported.SetResult();
            await until;
            return new(operation.Id, operation.StartedAt, OperationOutcome.Succeeded, "", "", "", [], TimeSpan.Zero);
        });
        await (until.IsCompleted ? operation.Ended : reported.Task);
        return operation;
    }
}
