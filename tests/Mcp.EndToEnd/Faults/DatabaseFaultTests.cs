using Mcp.Agent.Registry;
using Mcp.Core.Client;
using Mcp.Core.Operations;
using Mcp.Testing;
using Mcp.Testing.Engines;
using Microsoft.Data.Sqlite;

namespace Mcp.EndToEnd.Faults;

/// <summary>The registry database can't be written: before a deploy, in its middle, and where it is recorded.</summary>
[Trait("Group", "e2e")]
[Collection(FaultCollection.Name)]
public sealed class DatabaseFaultTests(FaultNode node)
{
    [EngineFact]
    public async Task Database_LockedByAnotherProcess_IsSaidAndWhatRanRuns()
    {
        var table = new FaultTable("6-database-locked");
        await BreakAsync(node, table, "locked", "l", async () =>
        {
            var other = new SqliteConnection($"Data Source={node.Database};Pooling=False;Default Timeout=10");
            await other.OpenAsync();
            other.Execute("BEGIN EXCLUSIVE");
            return async () =>
            {
                other.Execute("ROLLBACK");
                await other.DisposeAsync();
            };
        });
        table.Write();
        Assert.Empty(table.Wrong);
    }

    [EngineFact]
    public async Task Database_OnAFullDisk_IsSaidAndWhatRanRuns()
    {
        var table = new FaultTable("7-database-full");
        using var folder = new TempFolder("mcp-full-");
        await ChildProcess.RunAsync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", folder.Path]);
        try
        {
            var beside = await node.StartBesideAsync(folder.Path);
            try
            {
                await BreakAsync(beside, table, "full", "f", async () =>
                {
                    var fill = folder.File("fill");
                    await FillAsync(fill);
                    return () =>
                    {
                        File.Delete(fill);
                        return Task.CompletedTask;
                    };
                });
            }
            finally
            {
                await beside.DisposeAsync();
            }
        }
        finally
        {
            await ChildProcess.RunAsync("umount", ["-l", folder.Path]);
        }
        table.Write();
        Assert.Empty(table.Wrong);
    }

    /// <param name="word">What the messages have to say.</param>
    /// <param name="breaking">Breaks the database, and returns what mends it.</param>
    private static async Task BreakAsync(FaultNode node, FaultTable table, string word, string prefix, Func<Task<Func<Task>>> breaking)
    {
        string[] actions = ["create", "start", "record", "remove"];
        string Service(int i) => $"{prefix}{(char)('a' + i)}";
        // What is recorded stays: only its clean-up was left.
        string Version(string action) => action == "remove" ? "v2" : "v1";
        await Task.WhenAll(
            actions.Select((_, i) => node.DeployWellAsync(FaultServices.Single(Service(i), 1)))
                .Append(node.DeployWellAsync(FaultServices.Single(prefix + "z", 1))));
        var held = await Task.WhenAll(actions.Select((action, i) => node.HoldAsync(FaultServices.Single(Service(i), 2), action)));

        var mend = await breaking();
        var refused = await Assert.ThrowsAsync<McpException>(() => node.DeployAsync(FaultServices.Single(prefix + "z", 2)));
        await Task.WhenAll(held.Select(h => node.Agent.ReleaseAsync(h.Point)));
        var ends = await Task.WhenAll(held.Select(h => h.Operation.EndAsync()));
        // While nothing can be written, what ran runs again.
        var meanwhile = await Task.WhenAll(
            actions.Select((action, i) => Standing.ServedAsync(node, FaultServices.Single(Service(i), 1), Version(action))));
        await mend();

        table.Add(
            $"database {word} at the begin", "refused, v1 serves",
            $"{(refused.Message.Contains(word, StringComparison.Ordinal) ? "refused" : refused.Message)}, " +
            $"{await Standing.OfAsync(node, FaultServices.Single(prefix + "z", 1))}");
        for (var i = 0; i < actions.Length; i++)
        {
            var version = Version(actions[i]);
            var observed =
                $"{meanwhile[i]} meanwhile, then {await node.SettledAsync(FaultServices.Single(Service(i), 1), $"{version} serves")}";
            if (version == "v1"
                && (ends[i].Outcome == OperationOutcome.Succeeded || !ends[i].Message.Contains(word, StringComparison.Ordinal)))
                observed += $"; the client was told {ends[i].Outcome}: {ends[i].Message}";
            var again = await (await node.DeployAsync(FaultServices.Single(Service(i), 3))).EndAsync();
            if (again.Outcome != OperationOutcome.Succeeded)
                observed += $"; the next deploy ended as {again.Outcome}: {again.Message}";
            table.Add($"database {word} before {actions[i]} of a deploy", $"{version} meanwhile, then {version} serves", observed);
        }
    }

    private static async Task FillAsync(string file)
    {
        try
        {
            await using var stream = File.Create(file);
            var block = new byte[4096];
            while (true)
            {
                await stream.WriteAsync(block);
                await stream.FlushAsync();
            }
        }
        catch (IOException)
        {
            // That is the point.
        }
    }
}
