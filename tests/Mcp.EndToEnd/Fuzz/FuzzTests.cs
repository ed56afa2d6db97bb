using System.Collections.Concurrent;
using System.Diagnostics;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Fuzz;

/// <summary>Requests, frames, texts and layers that are changed at random, against a real agent with every role. Each is made from the seed
/// and its number alone, whatever runs beside it.</summary>
[Trait("Group", "fuzz")]
public sealed class FuzzTests(FuzzNode node) : IClassFixture<FuzzNode>
{
    private const int AtOnce = 8;
    private const long MemoryAllowance = 48 << 20;

    [EngineFact]
    public async Task Agent_GivenChangedRequestsFramesTextsAndLayers_AnswersAsItShould()
    {
        var count = node.Count ?? throw new InvalidOperationException("run ./test.sh fuzz [SEED] [COUNT]");
        Say($"seed {node.Seed}, {count} requests, {count / 20} connections, {count / 5} texts, {count / 1000} layers");
        var findings = new ConcurrentBag<string>();
        // What the agent needs once: code, pools, caches.
        await RunAsync("warm-up", Math.Min(2000, count), 1, RequestAsync, findings);
        var before = node.Agent.Resident;

        await RunAsync("requests", count, 2, RequestAsync, findings);
        await RunAsync("connections", count / 20, 3, FrameAsync, findings);
        await RunAsync("texts", count / 5, 4, (random, _) => Task.FromResult(FuzzTexts.Fault(random)), findings);
        await RunAsync("layers", count / 1000, 5, (random, _) => FuzzLayers.FaultAsync(node.Agent, random), findings);

        var images = (await node.ImagesAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct()
            .Where(i => i != FuzzLayers.Image
                // An image that was sent under the name of another one takes the name from that.
                && i is not ("localhost/fuzz:v1" or "localhost/mcp-test:v1" or "<none>:<none>"));
        foreach (var image in images)
            findings.Add($"image {image}, which no request declared");
        Say($"memory of the agent: {before >> 20} MiB before, {node.Agent.Resident >> 20} MiB after");
        foreach (var finding in findings)
            Say(finding);
        if (!findings.IsEmpty)
            Say(node.Agent.Output);
        Assert.Empty(findings.Take(10));
        await Eventually.TrueAsync(
            () => Task.FromResult(node.Agent.Resident < before + MemoryAllowance), TimeSpan.FromSeconds(60),
            () => $"the agent keeps {node.Agent.Resident >> 20} MiB; it had {before >> 20} MiB");
    }

    private async Task<string?> RequestAsync(Random random, int number)
    {
        var call = FuzzCall.Random(random);
        return await node.Agent.FaultAsync(call) is { } fault ? $"{fault}: {call}" : null;
    }

    private async Task<string?> FrameAsync(Random random, int number)
    {
        await FuzzFrames.SendAsync(node.Agent.Address, random);
        // The agent lives, and others notice nothing.
        return number % 50 == 0 ? await node.Agent.FaultAsync(new("/grpc.health.v1.Health/Check", "none", [[]])) : null;
    }

    private async Task RunAsync(string what, int count, int kind, Func<Random, int, Task<string?>> run, ConcurrentBag<string> findings)
    {
        var clock = Stopwatch.StartNew();
        var known = findings.Count;
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce };
        await Parallel.ForEachAsync(Enumerable.Range(0, count), options, async (number, _) =>
        {
            try
            {
                if (await run(new Random(HashCode(kind, number)), number) is { } fault)
                    findings.Add($"{what} {number}: {fault}");
            }
            catch (Exception e)
            {
                findings.Add($"{what} {number}: {e}");
            }
        });
        Say($"{clock.Elapsed.TotalSeconds,6:0.0} s, {count} {what}, {findings.Count - known} findings");
    }

    // The same in every process, unlike System.HashCode.
    private int HashCode(int kind, int number) => unchecked((((node.Seed * 31) + kind) * 1_000_003) + number);

    private static void Say(string line) => File.AppendAllText(
        Path.Combine(Directory.CreateDirectory(Path.Combine(SourceTree.Root, "out", "fuzz")).FullName, "fuzz.txt"),
        line + "\n");
}
