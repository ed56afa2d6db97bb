using FsCheck.Xunit;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Containers.Engine;
using Mcp.Testing;
using Mcp.Testing.Containers;
using Microsoft.Extensions.Time.Testing;

namespace Mcp.Core.Tests.Containers.Engine;

/// <summary>Whatever happens at the engine, and whenever its events come: a listing shows what inspections show.</summary>
public sealed class ListingPropertyTests
{
    private static readonly ValueMap Managed = new([new("managed", "true")]);
    private static readonly string[] Policies = ["no", "unless-stopped", "on-failure:2"];

    /// <param name="steps">What happens, and to which container.</param>
    [Property(MaxTest = 100, EndSize = 80)]
    public Task List_AfterAnyChanges_IsWhatInspectionsShow(bool isPodman, byte[] steps) => Run.CheckAsync(isPodman, steps);

    private sealed class Run(FakeContainerRuntime engine, FakeTimeProvider time, DockerEngineRuntime runtime)
    {
        private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _made;
        private bool _twice;
        private TaskCompletionSource _gate = Opened();

        public static async Task CheckAsync(bool isPodman, byte[] steps)
        {
            var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
            var engine = new FakeContainerRuntime(time);
            engine.AddImage("x");
            await using var server = await FakeEngineServer.StartAsync(engine, time, isPodman);
            using var runtime = new DockerEngineRuntime(server.SocketPath, time);
            using var stop = new CancellationTokenSource();
            var run = new Run(engine, time, runtime);
            server.Deliver = async _ =>
            {
                await run._gate.Task;
                return run._twice ? 2 : 1;
            };
            var listening = run.ListenAsync(stop.Token);
            await Eventually.TrueAsync(
                () => Task.FromResult(engine.Listeners == 1), TimeSpan.FromSeconds(20), () => "nobody listens to events");
            await engine.RunAsync(run.Next(0), default);
            await run._heard.Task.WaitAsync(TimeSpan.FromSeconds(20));
            run._gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
            foreach (var step in steps)
            {
                await run.StepAsync(step % 18, step / 18);
                // Nobody looks after every change.
                if (step / 18 % 3 != 0)
                    await run.CompareAsync();
            }
            await run.CompareAsync();
            run._gate.TrySetResult();
            await stop.CancelAsync();
            await listening;
        }

        private async Task StepAsync(int action, int which)
        {
            var containers = engine.Containers;
            var target = containers.Count > 0 ? containers[which % containers.Count] : null;
            switch (action)
            {
                case 0 when containers.Count < 3:
                    await engine.RunAsync(Next(which), default);
                    break;
                case 1 when containers.Count < 3:
                    await engine.CreateAsync(Next(which), default);
                    break;
                case 2 when target is not null:
                    await engine.StartAsync(target.Id, default);
                    break;
                case 3 when target is not null:
                    await engine.StopAsync(target.Id, TimeSpan.Zero, default);
                    break;
                case 4 when target is not null:
                    await engine.StopAsync(target.Id, TimeSpan.Zero, default);
                    time.Advance(TimeSpan.FromMilliseconds(20));
                    await engine.StartAsync(target.Id, default);
                    break;
                case 5 when target is not null:
                    engine.Exit(target.Id, 137);
                    break;
                case 6 when target is not null:
                    engine.Exit(target.Id, 1);
                    break;
                case 7 when target is { State: ContainerState.Running }:
                    engine.Exit(target.Id, 137, outOfMemory: true);
                    break;
                case 8 when target is { State: ContainerState.Running }:
                    engine.Pause(target.Id);
                    break;
                case 9 when target is not null:
                    engine.Unpause(target.Id);
                    break;
                case 10 when target is not null:
                    await engine.RenameAsync(target.Id, $"renamed{++_made}", default);
                    break;
                case 11 when target is not null:
                    await engine.RemoveAsync(target.Id, default);
                    break;
                case 12:
                    engine.GoDown();
                    engine.ComeBack();
                    break;
                case 13:
                    time.Advance(TimeSpan.FromMilliseconds(300));
                    break;
                case 14:
                    time.Advance(TimeSpan.FromSeconds(5));
                    break;
                case 15:
                    time.Advance(TimeSpan.FromHours(3));
                    break;
                case 16:
                    // Events come late: with the next step of this kind.
                    if (_gate.Task.IsCompleted)
                        _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    else
                        _gate.TrySetResult();
                    break;
                case 17:
                    _twice = !_twice;
                    break;
            }
        }

        private async Task CompareAsync()
        {
            var listed = await runtime.ListAsync(Managed, default);
            var inspected = new List<ContainerInfo>();
            foreach (var container in engine.Containers)
                inspected.Add((await runtime.InspectAsync(container.Id, default))!);
            Assert.Equal(inspected, listed);
        }

        private ContainerSpec Next(int which) => new()
        {
            Name = $"c{++_made}",
            Image = "x",
            Labels = Managed,
            RestartPolicy = Policies[which % Policies.Length],
        };

        private async Task ListenAsync(CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                try
                {
                    await foreach (var _ in runtime.EventsAsync(cancellationToken))
                        _heard.TrySetResult();
                }
                catch (Exception e) when (e is EngineException or OperationCanceledException)
                {
                    // The engine is down, or the test is over.
                }
            }
        }

        private static TaskCompletionSource Opened()
        {
            var gate = new TaskCompletionSource();
            gate.SetResult();
            return gate;
        }
    }
}
