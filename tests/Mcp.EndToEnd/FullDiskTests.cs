using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd;

/// <summary>The agent's data directory on a file system of a few megabytes that is then filled up.</summary>
[Trait("Group", "e2e")]
public sealed class FullDiskTests(NodeFixture node) : IClassFixture<NodeFixture>
{
    [EngineFact]
    public async Task Deploy_WithTheRegistryDatabasesDiskFull_SaysSoAndLeavesNothingHalfDone()
    {
        using var folder = new TempFolder("mcp-full-");
        await ChildProcess.RunAsync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", folder.Path]);
        try
        {
            await using var agent = await RunningAgent.StartAsync(folder.Path, node.Engine.SocketPath);
            node.Define("full", """
                name = "full"
                [[components]]
                name = "web"
                image = "localhost/mcp-hello:v1"
                """);
            var fill = folder.File("fill");
            await Fill(fill);

            var result = (await node.McpAsync(Path.Combine(folder.Path, "mcp.toml"), ["deploy", "full"])).Expect(1);

            Assert.Contains("full", result.Error, StringComparison.Ordinal);
            Assert.Contains("disk", result.Error, StringComparison.OrdinalIgnoreCase);
            Assert.Null(await node.Engine.Runtime.InspectAsync("full-web", default));
            File.Delete(fill);
            (await node.McpAsync(Path.Combine(folder.Path, "mcp.toml"), ["deploy", "full"])).Expect(0);
            (await node.McpAsync(Path.Combine(folder.Path, "mcp.toml"), ["undeploy", "full", "--yes"])).Expect(0);
        }
        finally
        {
            await ChildProcess.RunAsync("umount", ["-l", folder.Path]);
        }
    }

    private static async Task Fill(string file)
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
