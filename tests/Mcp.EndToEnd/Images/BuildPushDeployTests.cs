using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Images;

/// <summary>From source to running containers through an image registry.</summary>
[Trait("Group", "e2e")]
public sealed class BuildPushDeployTests(ImageNodeFixture node) : IClassFixture<ImageNodeFixture>
{
    [EngineFact]
    public async Task Deploy_BuildsAndPushesWhatIsMissing_AndNothingElse()
    {
        await using var workshop = node.Open();
        workshop.AddSource("shop");
        workshop.Define("shop", Shop("v1", "v1"));

        var first = (await workshop.McpAsync("deploy", "shop", "--json")).Expect(0).JsonLines;
        var built = Ready(first);
        Assert.Equal([Image("web", "v1"), Image("worker", "v1")], built.Keys.Order());
        foreach (var (image, digest) in built)
            Assert.Equal(digest, await node.Registry.DigestAsync(image));
        Assert.Equal("up (v1) on PORT", (await GetAsync(workshop, "web")).Split('=')[0]);
        Assert.Equal("up (v1) on PORT", (await GetAsync(workshop, "worker")).Split('=')[0]);

        var second = (await workshop.McpAsync("deploy", "shop", "--json")).Expect(0).JsonLines;
        Assert.Empty(Ready(second));
        Assert.Empty(second.Single(l => l.GetProperty("type").GetString() == "planned").GetProperty("steps").EnumerateArray());

        workshop.Define("shop", Shop("v2", "v1"));
        var third = (await workshop.McpAsync("deploy", "shop", "--json")).Expect(0).JsonLines;
        Assert.Equal([Image("web", "v2")], Ready(third).Keys);
        Assert.Equal("up (v2) on PORT", (await GetAsync(workshop, "web")).Split('=')[0]);
        Assert.Equal("up (v1) on PORT", (await GetAsync(workshop, "worker")).Split('=')[0]);
        (await workshop.McpAsync("undeploy", "shop", "--yes")).Expect(0);
    }

    [EngineFact]
    public async Task Build_OneImage_IsPushedOrKept()
    {
        await using var workshop = node.Open();
        workshop.AddSource("solo");
        workshop.Define("solo", Definition("solo", "solo-one", "v1") + Component("solo-two", "v1"));

        var kept = (await workshop.McpAsync("build", "solo/solo-one", "--no-push", "--json")).Expect(0).Json.EnumerateArray().Single();
        Assert.Equal((Image("solo-one", "v1"), false), (kept.GetProperty("image").GetString(), kept.GetProperty("pushed").GetBoolean()));
        Assert.Null(await node.Registry.DigestAsync(Image("solo-one", "v1")));

        var pushed = (await workshop.McpAsync("build", "solo/solo-one", "--json")).Expect(0).Json.EnumerateArray().Single();
        Assert.Equal(await node.Registry.DigestAsync(Image("solo-one", "v1")), pushed.GetProperty("digest").GetString());
        Assert.Equal(pushed.GetProperty("layers").GetInt32(), pushed.GetProperty("layersReused").GetInt32());
        Assert.Null(await node.Registry.DigestAsync(Image("solo-two", "v1")));

        workshop.AddSource("solo", "FROM scratch\nCOPY busybox /other\n");
        var moved = (await workshop.McpAsync("build", "solo/solo-one")).Expect(0);
        Assert.Contains("was moved", moved.Error, StringComparison.Ordinal);
        Assert.Contains("COPY busybox /other", moved.Out, StringComparison.Ordinal);
        Assert.Contains(
            "solo/solo-x", (await workshop.McpAsync("build", "solo/solo-x")).Expect(2).All + "solo/solo-x", StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Sync_DeploysOnlyWhatChanged_AndReportsStraysAndDeadNodes()
    {
        await using var workshop = node.Open();
        workshop.Configure("[[nodes]]\nname = \"gone\"\naddress = \"127.0.0.1:1\"\ntoken = \"t\"\n");
        foreach (var service in (string[])["alpha", "beta", "stray"])
        {
            workshop.AddSource(service);
            workshop.Define(service, Definition(service, service, "v1", "node1"));
        }
        (await workshop.McpAsync("deploy", "stray")).Expect(0);
        File.Delete(workshop.DefinitionFile("stray"));
        workshop.Define("lost", Definition("lost", "lost", "v1", "gone"));
        workshop.AddSource("lost");

        var first = (await workshop.McpAsync("sync", "--json")).Expect(3);
        Assert.Equal("alpha=deployed beta=deployed lost=unreachable", Results(first));
        Assert.Equal(
            "stray", first.JsonLines.Single(l => l.GetProperty("type").GetString() == "orphan").GetProperty("service").GetString());
        Assert.Contains("gone", first.Error, StringComparison.Ordinal);

        workshop.Define("beta", Definition("beta", "beta", "v2", "node1"));
        var second = (await workshop.McpAsync("sync", "alpha", "beta", "--json")).Expect(0);
        Assert.Equal("alpha=unchanged beta=deployed", Results(second));
        Assert.Equal([Image("beta", "v2")], Ready(second.JsonLines).Keys);
        foreach (var service in (string[])["alpha", "beta", "stray"])
            (await workshop.McpAsync("undeploy", service, "--yes", "--node", "node1")).Expect(0);
    }

    [EngineFact]
    public async Task WithoutRegistry_DeployAndSync_SendImagesToTheNode()
    {
        await using var workshop = node.Open();
        workshop.Configure("[registry]\nkind = \"none\"\n");
        workshop.AddSource("direct");
        workshop.Define(
            "direct",
            "name = \"direct\"\nversion = \"v7\"\n[build.images]\ndirect = \"Dockerfile\"\n[[components]]\nname = \"direct\"\nenv = " +
            "[\"GREETING=up\"]\n[[components.routes]]\nport = 443\n");

        var first = (await workshop.McpAsync("deploy", "direct", "--json")).Expect(0);
        var ready = first.JsonLines.Single(l => l.GetProperty("type").GetString() == "image-ready").GetProperty("result");
        Assert.Equal(("localhost/direct:v7", "node1"), (ready.GetProperty("image").GetString(), ready.GetProperty("sentTo").GetString()));
        Assert.Equal("up (v7) on PORT", (await GetAsync(workshop, "direct", "direct")).Split('=')[0]);

        Assert.Equal("direct=unchanged", Results((await workshop.McpAsync("sync", "direct", "--json")).Expect(0)));
        Assert.Contains("Nothing to do", (await workshop.McpAsync("image", "send", "direct")).Expect(0).Error, StringComparison.Ordinal);
        (await workshop.McpAsync("undeploy", "direct", "--yes")).Expect(0);
    }

    private string Image(string name, string version) => $"{node.Registry.Address}/{name}:{version}";

    private string Shop(string web, string worker) => Definition("shop", "web", web) + Component("worker", worker);

    private string Definition(string service, string image, string version, string? onNode = null) =>
        $"name = \"{service}\"\n{(onNode is null ? "" : $"node = \"{onNode}\"\n")}[build.images]\n{image} = " +
        $"\"Dockerfile\"\n{(image == "web" ? "worker = \"Dockerfile\"\n" : image == "solo-one" ? "solo-two = \"Dockerfile\"\n" : "")}"
        + Component(image, version);

    private string Component(string image, string version) =>
        $"[[components]]\nname = \"{image}\"\nimage = \"{Image(image, version)}\"\nenv = [\"GREETING=up\"]\n[[components.routes]]\nport " +
        $"= 443\nhostname = \"{image}.example.com\"\n";

    private static Dictionary<string, string> Ready(IEnumerable<System.Text.Json.JsonElement> lines) => lines
        .Where(l => l.GetProperty("type").GetString() == "image-ready")
        .ToDictionary(
            l => l.GetProperty("result").GetProperty("image").GetString()!,
            l => l.GetProperty("result").GetProperty("digest").GetString()!);

    private static string Results(CliResult sync) => string.Join(' ', sync.JsonLines
        .Where(l => l.GetProperty("type").GetString() == "result")
        .Select(l => $"{l.GetProperty("service").GetString()}={l.GetProperty("outcome").GetString()}").Order());

    private static async Task<string> GetAsync(Workshop workshop, string component, string service = "shop")
    {
        var routes = (await workshop.McpAsync("route", "list", service, "--json")).Expect(0).Json.EnumerateArray();
        var port = routes.Single(r => r.GetProperty("component").GetString() == component).GetProperty("hostPort").GetInt32();
        return await Served.TextAsync(port);
    }
}
