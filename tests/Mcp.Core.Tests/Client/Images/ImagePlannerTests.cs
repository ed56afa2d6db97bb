using Mcp.Core.Client;
using Mcp.Core.Client.Images;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Images;
using Mcp.Testing;

namespace Mcp.Core.Tests.Client.Images;

public sealed class ImagePlannerTests
{
    private static readonly string Workspace = Path.GetFullPath("/work/space");

    private static readonly ServiceDefinition Shop = new()
    {
        Name = "shop",
        Path = "src/shop",
        BuildImages = new([new("web", "web/Dockerfile"), new("api", "Dockerfile")]),
        BuildArguments = new([new("MODE", "release")]),
        Components = [
            Component("web", "reg.example/team/web:v1"), Component("worker", "reg.example/team/web:v1"),
            Component("api", "reg.example/team/api:v2"), Component("db", "postgres:17")],
    };

    [Fact]
    public void Need_SharedImage_IsAskedOnce()
    {
        Assert.Equal(
            ["reg.example/team/web:v1 (web, worker)", "reg.example/team/api:v2 (api)", "postgres:17 (db)"],
            ImageNeed.Of(Shop).Select(n => n.ToString()));
        Assert.Equal(["reg.example/team/web:v1 (worker)"], ImageNeed.Of(Shop, "worker").Select(n => n.ToString()));
    }

    [Fact]
    public void Plan_AllPresent_BuildsNothingAndKeepsDigests()
    {
        var plan = Plan(ImagePresence.Present);

        Assert.Null(plan.Fault);
        Assert.Empty(Built(plan));
        Assert.All(plan.Images, i => Assert.Equal("sha256:d", i.Digest));
    }

    [Fact]
    public void Plan_MissingWithBuildConfig_IsBuiltFromTheServicesFolder()
    {
        var plan = Plan(need => need.Image.Name == "web" ? ImagePresence.Absent : ImagePresence.Present);

        Assert.Null(plan.Fault);
        var build = Assert.Single(Built(plan)).Build!;
        Assert.Equal("reg.example/team/web:v1", build.Image.ToString());
        Assert.Equal(Path.Combine(Workspace, "src", "shop"), build.Context);
        Assert.Equal(Path.Combine(Workspace, "src", "shop", "web", "Dockerfile"), build.Dockerfile);
        Assert.Equal("release", build.Arguments["MODE"]);
    }

    [Fact]
    public void Plan_EverythingMissing_OneErrorListsWhatCannotBeBuilt()
    {
        var definition = Shop with { BuildImages = ValueMap.Empty };

        var plan = Plan(_ => ImagePresence.Absent, definition: definition);

        var error = plan.Fault!;
        Assert.StartsWith("3 images are not available:", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "reg.example/team/web:v1 (web, worker): the image registry does not have it, and the definition does not say how to build it",
            error.Message, StringComparison.Ordinal);
        Assert.Contains("add postgres = \"Dockerfile\" under [build.images]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_RegistryDown_IsSaidOnceForAllItsImages()
    {
        var failure = new ImageRegistryException(
            ImageRegistryError.Unreachable, "reg.example", "image registry reg.example can't be reached: Connection refused",
            "check that it runs");

        var plan = Plan(need => need.Image.Registry is null ? ImagePresence.Present : ImagePresence.Unknown, failure: failure);

        var error = plan.Fault!;
        Assert.Equal((ErrorKind.Unreachable, 2), (error.Kind, Faulty(plan).Count()));
        Assert.Equal(1, error.Message.Split("can't be reached").Length - 1);
        Assert.Contains(
            "reg.example/team/web:v1 (web, worker), reg.example/team/api:v2 (api): image registry", error.Message,
            StringComparison.Ordinal);
        Assert.Equal("check that it runs", error.Remedy);
    }

    [Fact]
    public void Plan_BuildingSwitchedOff_IsAFault() =>
        Assert.Equal(3, Faulty(Plan(_ => ImagePresence.Absent, new(Workspace, MayBuild: false))).Count());

    [Fact]
    public void Plan_NoWorkspace_NamesWhereToSetIt()
    {
        var fault = Faulty(Plan(need => need.Image.Name == "api" ? ImagePresence.Absent : ImagePresence.Present, new(null)))
            .Single().Fault!;

        Assert.Contains("no workspace is set", fault.Message, StringComparison.Ordinal);
        Assert.Contains("MCP_BUILD_WORKSPACE", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_Rebuild_BuildsWhatIsThereToo()
    {
        var definition = Shop with { Components = [Shop.Components[0], Shop.Components[2]] };

        var plan = Plan(_ => ImagePresence.Present, new(Workspace, Rebuild: true), definition);

        Assert.Equal(["forced", "forced"], Built(plan).Select(i => i.Reason));
    }

    [Fact]
    public void Plan_MissingDigest_CannotBeBuilt()
    {
        var definition = Shop with { Components = [Component("web", "reg.example/team/web:v1@sha256:" + new string('a', 64))] };

        Assert.Contains(
            "another digest", Faulty(Plan(_ => ImagePresence.Absent, definition: definition)).Single().Fault!.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_Latest_AreGivenUnlessPinned()
    {
        var definition =
            Shop with { Components = [
                Component("a", "x"), Component("b", "y:latest"), Component("c", "z:latest@sha256:" + new string('a', 64)),
                Component("d", "w:v1")] };

        Assert.Equal(2, Plan(_ => ImagePresence.Present, definition: definition).Warnings.Count());
    }

    [Fact]
    public void Verify_SourcesMissing_AreFaultsBeforeAnythingIsBuilt()
    {
        using var folder = new TempFolder();
        folder.Write("src/shop/Dockerfile", "FROM scratch\n");
        var absent = Plan(need => need.Image.Name == "postgres" ? ImagePresence.Present : ImagePresence.Absent, new(folder.Path));
        var elsewhere = Plan(
            need => need.Image.Name == "web" ? ImagePresence.Absent : ImagePresence.Present, new(folder.Path),
            Shop with { Path = "nowhere" });

        var verified = absent with { Images = ImageSources.Verify(absent.Images) };

        Assert.Equal("api", Assert.Single(Built(verified)).Need.Image.Name);
        Assert.Contains(
            "Dockerfile " + Path.Combine(folder.Path, "src", "shop", "web", "Dockerfile"), Assert.Single(Faulty(verified)).Fault!.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "folder " + Path.Combine(folder.Path, "nowhere"),
            Assert.Single(Faulty(elsewhere with { Images = ImageSources.Verify(elsewhere.Images) })).Fault!.Message,
            StringComparison.Ordinal);
    }

    private static ImagePlan Plan(ImagePresence presence) => Plan(_ => presence);

    private static ImagePlan Plan(
        Func<ImageNeed, ImagePresence> presence, ImagePlanOptions? options = null, ServiceDefinition? definition = null,
        ImageRegistryException? failure = null) =>
        new(definition ?? Shop, null, ImagePlanner.Plan(
            definition ?? Shop,
            [.. ImageNeed.Of(definition ?? Shop)
                .Select(
                    n =>
                        new ImageCheck(
                            n, presence(n), presence(n) == ImagePresence.Present ? "sha256:d" : null,
                            presence(n) == ImagePresence.Unknown ? failure : null))],
            options ?? new(Workspace)));

    private static IEnumerable<PlannedImage> Built(ImagePlan plan) => plan.Images.Where(i => i.Build is not null);

    private static IEnumerable<PlannedImage> Faulty(ImagePlan plan) => plan.Images.Where(i => i.Fault is not null);

    private static ComponentDefinition Component(string name, string image) => new() { Name = name, Image = image };
}
