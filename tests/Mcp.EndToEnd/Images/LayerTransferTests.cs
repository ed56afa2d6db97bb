using System.Text.Json;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Images;

/// <summary>Images go layer by layer from either engine to either engine, and are the same image there.</summary>
[Trait("Group", "e2e")]
public sealed class LayerTransferTests
{
    [EngineFact]
    public Task PodmanToPodman_SecondVersion_SendsItsLayerAlone() => CheckAsync(null, async () => await PodmanEngine.StartAsync());

    [EngineFact]
    public Task PodmanToDocker_SecondVersion_SendsItsLayerAlone() => CheckAsync(null, async () => await DockerEngine.StartAsync());

    [EngineFact]
    public async Task DockerToPodman_SecondVersion_SendsItsLayerAlone()
    {
        await using var docker = await DockerEngine.StartAsync();
        await CheckAsync(docker, async () => await PodmanEngine.StartAsync());
    }

    [EngineFact]
    public async Task DockerToDocker_SecondVersion_SendsItsLayerAlone()
    {
        await using var docker = await DockerEngine.StartAsync();
        await CheckAsync(docker, async () => await DockerEngine.StartAsync());
    }

    /// <param name="here">The workstation's docker; null: podman.</param>
    private static async Task CheckAsync(DockerEngine? here, Func<Task<TestEngine>> startNode)
    {
        using var folder = new TempFolder("mcp-layers-");
        await using var node = await startNode();
        await using var agent = await RunningAgent.StartAsync(Path.Combine(folder.Path, "agent"), node.SocketPath);
        await using var workshop = new Workshop(Path.Combine(folder.Path, "agent"));
        workshop.Configure("[registry]\nkind = \"none\"\n", engine: here is null ? null : Program(folder, here));
        Change(workshop, "one");

        var first = await SendAsync(workshop);
        Change(workshop, "two");
        var second = await SendAsync(workshop);

        // busybox has 1 or 2 MB, and a layer with one small file 1 to 4 kB.
        var size = new FileInfo(Path.Combine(workshop.Sources, "app", "busybox")).Length;
        Assert.InRange(first.GetProperty("bytesSent").GetInt64(), size, size + 50_000);
        Assert.InRange(second.GetProperty("bytesSent").GetInt64(), 1, 10_000);
        Assert.Equal(1, second.GetProperty("layersSent").GetInt32());
        foreach (var sent in (JsonElement[])[first, second])
            Assert.NotNull(await node.Runtime.InspectImageAsync(sent.GetProperty("imageId").GetString()!, default));
        Assert.Equal(
            second.GetProperty("imageId").GetString(), (await node.Runtime.InspectImageAsync("localhost/app:v1", default))?.Id);
        Assert.Empty(Directory.GetFiles(Path.Combine(folder.Path, "agent", "agent", "layers")));
        Assert.Contains("Nothing to do", (await workshop.McpAsync("image", "send", "app")).Expect(0).Error, StringComparison.Ordinal);
    }

    private static void Change(Workshop workshop, string mark)
    {
        workshop.AddSource(
            "app", "FROM scratch\nCOPY busybox /bin/busybox\nCOPY mark /mark\nHEALTHCHECK CMD [\"/bin/busybox\", \"true\"]\n");
        File.WriteAllText(Path.Combine(workshop.Sources, "app", "mark"), mark);
        workshop.Define(
            "app", "name = \"app\"\n[build.images]\napp = \"Dockerfile\"\n[[components]]\nname = \"app\"\nimage = \"localhost/app:v1\"\n");
    }

    private static async Task<JsonElement> SendAsync(Workshop workshop)
    {
        (await workshop.McpAsync("build", "app", "--no-push")).Expect(0);
        return (await workshop.McpAsync("image", "send", "app", "--json")).Expect(0).Json[0];
    }

    private static string Program(TempFolder folder, DockerEngine docker)
    {
        var file = folder.Write("bin/docker", $"#!/bin/sh\nexec {ChildProcess.Find("docker")} -H unix://{docker.SocketPath} \"$@\"\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return file;
    }
}
