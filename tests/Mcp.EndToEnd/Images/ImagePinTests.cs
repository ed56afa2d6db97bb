using System.Text.Json;
using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Testing.Containers;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Images;

/// <summary>That what runs is what was checked, with real podman and a real image registry whose tags move.</summary>
[Trait("Group", "e2e")]
public sealed class ImagePinTests(ImageNodeFixture node) : IClassFixture<ImageNodeFixture>
{
    [EngineFact]
    public async Task Deploy_AfterTheTagMoved_WarnsReplacesAndRecordsTheNewDigest()
    {
        await using var workshop = node.Open();
        Define(workshop, "mover");
        (await workshop.McpAsync("deploy", "mover")).Expect(0);
        var old = (await node.Registry.DigestAsync(Image("mover")))!;
        Assert.Equal(old, await DigestAsync(workshop, "mover"));
        var first = (await node.Engine.Runtime.InspectAsync("mover", default))!;

        workshop.AddSource("mover", Dockerfile("two"));
        (await workshop.McpAsync("build", "mover")).Expect(0);
        var now = (await node.Registry.DigestAsync(Image("mover")))!;
        var planned = (await workshop.McpAsync("deploy", "mover", "--json"))
            .Expect(0).JsonLines.Single(l => l.GetProperty("type").GetString() == "planned");

        Assert.Equal(
            $"{Image("mover")} moved: {old} -> {now} since the last deploy",
            planned.GetProperty("warnings").EnumerateArray().Single().GetString());
        Assert.Equal(now, await DigestAsync(workshop, "mover"));
        var second = (await node.Engine.Runtime.InspectAsync("mover", default))!;
        Assert.NotEqual((first.Id, first.ImageId), (second.Id, second.ImageId));
        Assert.Equal(Image("mover"), second.Labels[ContainerLabels.Image]);
        (await workshop.McpAsync("undeploy", "mover", "--yes")).Expect(0);
    }

    [EngineFact]
    public async Task Deploy_OfATagThatMovesAfterTheCheck_RunsWhatWasChecked()
    {
        await using var workshop = node.Open();
        Define(workshop, "racer");
        (await workshop.McpAsync("build", "racer")).Expect(0);
        var tested = (await node.Registry.DigestAsync(Image("racer")))!;
        workshop.AddSource("racer", Dockerfile("two"));
        (await workshop.McpAsync("build", "racer")).Expect(0);
        var moved = (await node.Registry.DigestAsync(Image("racer")))!;
        using var agent = Agent(workshop);

        var updates = await agent.DeployAsync(
            new ServiceDefinition { Name = "racer", Components = [new() { Name = "racer", Image = Image("racer") }] }, null,
            new OperationOptions { Images = new() { Digests = new ValueMap([new(Image("racer"), tested)]) } }, default).ToListAsync();

        var ended = Assert.IsType<OperationEnded>(updates[^1]);
        Assert.Equal(
            (OperationOutcome.Succeeded, $"{Image("racer")} moved: {tested} -> {moved} since it was checked; what was checked is deployed"),
            (ended.Outcome, ended.Message));
        var exact = (await node.Engine.Runtime.InspectImageAsync($"{node.Registry.Address}/racer@{tested}", default))!;
        Assert.Equal(exact.Id, (await node.Engine.Runtime.InspectAsync("racer", default))!.ImageId);
        Assert.Equal(tested, await DigestAsync(workshop, "racer"));
        (await workshop.McpAsync("undeploy", "racer", "--yes", "--node", "node1")).Expect(0);
    }

    [EngineFact]
    public async Task Deploy_PullNever_UsesWhatTheNodeHasAndNothingElse()
    {
        await using var workshop = node.Open();
        Define(workshop, "frozen");
        (await workshop.McpAsync("build", "frozen")).Expect(0);

        var refused = (await workshop.McpAsync("deploy", "frozen", "--pull", "never")).Expect(1);
        Assert.Contains(Image("frozen"), refused.Error, StringComparison.Ordinal);
        Assert.Empty(await node.ContainersAsync("frozen"));

        Assert.Contains("node1", (await workshop.McpAsync("image", "send", "frozen")).Expect(0).All, StringComparison.Ordinal);
        (await workshop.McpAsync("deploy", "frozen", "--pull", "never")).Expect(0);
        Assert.Equal(["frozen"], await node.ContainersAsync("frozen"));
        (await workshop.McpAsync("undeploy", "frozen", "--yes")).Expect(0);
    }

    [EngineFact]
    public async Task Transfer_ThatIsInterrupted_LeavesNoImageAndCanBeRepeated()
    {
        await using var workshop = node.Open();
        Define(workshop, "broken");
        (await workshop.McpAsync("build", "broken", "--no-push")).Expect(0);
        var file = Path.Combine(workshop.Sources, "broken.tar");
        await workshop.PodmanAsync("save", "-o", file, Image("broken"));
        var image = TestImage.Read(new MemoryStream(await File.ReadAllBytesAsync(file)), _ => true)!.Value.Image;
        using var agent = Agent(workshop);
        using var stop = new CancellationTokenSource();
        var sent = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => agent.SendLayerAsync(
            image.DiffIds[0], new MemoryStream(image.Layers[0]), count =>
            {
                if ((sent += count) > image.Layers[0].Length / 2)
                    stop.Cancel();
            }, stop.Token));

        Assert.Equal(image.DiffIds, (await agent.AddImageAsync(Image("broken"), image.Config, default)).Missing);
        Assert.Null(await node.Engine.Runtime.InspectImageAsync(Image("broken"), default));
        Assert.Empty(await agent.FindImagesAsync([Image("broken")], default));
        (await workshop.McpAsync("image", "send", "broken")).Expect(0);
        Assert.NotNull(await node.Engine.Runtime.InspectImageAsync(Image("broken"), default));
    }

    private static string Dockerfile(string mark) =>
        $"FROM scratch\nCOPY busybox /bin/busybox\nCOPY serve.sh /serve.sh\nENV MARK={mark}\nENTRYPOINT [\"/bin/busybox\", \"sh\", " +
        $"\"-c\", \"trap 'exit 0' TERM; /bin/busybox sleep 3600 & wait\"]\n";

    private static async Task<string> DigestAsync(Workshop workshop, string service) =>
        Texts(
            (await workshop.McpAsync("ps", "--json")).Expect(0).Json.EnumerateArray()
                .Single(c => c.GetProperty("service").GetString() == service), "digest");

    private static string Texts(JsonElement component, string name) => component.GetProperty(name).GetString()!;

    private static AgentClient Agent(Workshop workshop) =>
        new(WorkstationConfig.Load(WorkstationEnvironment.Current with { Variable = workshop.Environment.GetValueOrDefault })
            .SelectNode("node1"), new());

    private string Image(string name) => $"{node.Registry.Address}/{name}:v1";

    private void Define(Workshop workshop, string service)
    {
        workshop.AddSource(service, Dockerfile("one"));
        workshop.Define(
            service,
            $"name = \"{service}\"\n[build.images]\n{service} = \"Dockerfile\"\n[[components]]\nname = \"{service}\"\nimage = " +
            $"\"{Image(service)}\"\n");
    }
}
