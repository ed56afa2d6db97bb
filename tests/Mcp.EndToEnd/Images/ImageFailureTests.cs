using System.Diagnostics;
using System.Globalization;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Images;

/// <summary>Whatever goes wrong with images, the operator is told what and what to do, no tag stands for something incomplete, and the node
/// is left alone.</summary>
[Trait("Group", "e2e")]
public sealed class ImageFailureTests(ImageNodeFixture node) : IClassFixture<ImageNodeFixture>
{
    [EngineFact]
    public async Task Deploy_RegistryDown_IsUnreachable()
    {
        await using var workshop = Prepare("down", $"127.0.0.1:{FreePort.Closed}/down:v1");
        await FailsAsync(workshop, "down", 3, "can't be reached", "check that it runs");
    }

    [EngineFact]
    public async Task Deploy_WrongPassword_NamesTheLogin()
    {
        await using var workshop = Prepare("password", $"{node.Registry.Address}/password:v1");
        workshop.LogIn(node.Registry.Address, "wrong");
        var result = await FailsAsync(workshop, "password", 1, "rejected the login of anna", "podman login " + node.Registry.Address);
        Assert.DoesNotContain("wrong", result.All, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Deploy_UnknownCa_NamesTheSetting_AndWithItBuildsAndPushes()
    {
        using var folder = new TempFolder("mcp-ca-");
        var authority = TestAuthority.Create(folder.Path);
        await using var registry = await TestRegistry.StartAsync(new TestRegistryOptions { Authority = authority });
        await using var workshop = Prepare("unknownca", $"{registry.Address}/unknownca:v1");
        await FailsAsync(workshop, "unknownca", 3, "is not trusted", $"[registry.hosts.\"{registry.Address}\"]");

        workshop.Configure($"[registry.hosts.\"{registry.Address}\"]\nca_cert = \"{authority.RootFile}\"\n");
        var built = (await workshop.McpAsync("build", "unknownca", "--json")).Expect(0).Json[0];
        Assert.Equal(await registry.DigestAsync($"{registry.Address}/unknownca:v1"), built.GetProperty("digest").GetString());
    }

    [EngineFact]
    public async Task Deploy_ReadOnlyRegistry_SaysSo()
    {
        await using var registry = await TestRegistry.StartAsync(new TestRegistryOptions { ReadOnly = true });
        await using var workshop = Prepare("readonly", $"{registry.Address}/readonly:v1");
        await FailsAsync(workshop, "readonly", 1, "push of", "is read-only");
    }

    [EngineFact]
    public async Task Deploy_RegistrysDiskFull_LeavesNoTag()
    {
        using var folder = new TempFolder("mcp-full-");
        await ChildProcess.RunAsync("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", folder.Path]);
        try
        {
            await using var registry = await TestRegistry.StartAsync(new TestRegistryOptions { DataFolder = folder.Path });
            await using var workshop = Prepare("full", $"{registry.Address}/full:v1");
            await FailsAsync(workshop, "full", 1, "push of", "disk");
            Assert.Null(await registry.DigestAsync($"{registry.Address}/full:v1"));
        }
        finally
        {
            await ChildProcess.RunAsync("umount", ["-l", folder.Path]);
        }
    }

    [EngineFact]
    public async Task Deploy_SourcesOrEngineMissing_SaysWhichAndWhatToSet()
    {
        await using var workshop = Prepare("sources", $"{node.Registry.Address}/sources:v1");
        workshop.Configure(workspace: null);
        await FailsAsync(workshop, "sources", 2, "no workspace is set", "MCP_BUILD_WORKSPACE");
        workshop.Configure(workspace: "elsewhere");
        await FailsAsync(workshop, "sources", 2, "does not exist", "workspace under [build]");
        workshop.Configure();
        File.Delete(Path.Combine(workshop.Sources, "sources", "Dockerfile"));
        await FailsAsync(workshop, "sources", 2, "Dockerfile", "[build.images]");
        workshop.AddSource("sources");
        workshop.Configure(engine: "/nowhere/podman");
        await FailsAsync(workshop, "sources", 2, "container engine '/nowhere/podman'", "install it");
    }

    [EngineFact]
    public async Task Deploy_SeveralImagesMissingWithoutBuildConfig_IsOneErrorThatNamesAll()
    {
        await using var workshop = node.Open();
        var registry = node.Registry.Address;
        workshop.Define(
            "absent",
            string.Concat("name = \"absent\"\n", Component("a", $"{registry}/absent-a:v1"), Component("b", $"{registry}/absent-b:v1")));
        var result = await FailsAsync(workshop, "absent", 2, $"{registry}/absent-a:v1 (a)", "[build.images]");
        Assert.Contains($"{registry}/absent-b:v1 (b)", result.Error, StringComparison.Ordinal);

        workshop.Define(
            "absent", "name = \"absent\"\n[build.images]\nabsent-a = \"Dockerfile\"\n" + Component("a", $"{registry}/absent-a:v1"));
        workshop.AddSource("absent");
        await FailsAsync(workshop, "absent", 2, "building is turned off", "remove --no-build", "--no-build");
        await FailsAsync(workshop, "absent", 1, $"{registry}/absent-a:v1", "", "--pull", "never");
        Assert.Null(await node.Registry.DigestAsync($"{registry}/absent-a:v1"));
    }

    [EngineFact]
    public async Task Deploy_StepOfTheBuildFails_ShowsTheStepAndItsLastLines()
    {
        var image = $"{node.Registry.Address}/broken:v1";
        await using var workshop = Prepare(
            "broken", image,
            "FROM scratch\nCOPY busybox /bin/busybox\nRUN [\"/bin/busybox\", \"sh\", \"-c\", \"echo about to fail; exit 7\"]\n");
        var result = await FailsAsync(workshop, "broken", 1, "\"RUN [", "fix that step");
        Assert.Contains("about to fail", result.Error, StringComparison.Ordinal);
        Assert.Contains("exit code 7", result.Error, StringComparison.Ordinal);
        Assert.Null(await node.Registry.DigestAsync(image));
    }

    [EngineFact]
    public async Task Deploy_CtrlCDuringBuild_Exits130AndLeavesNothing()
    {
        var image = $"{node.Registry.Address}/slow:v1";
        await using var workshop =
            Prepare("slow", image, "FROM scratch\nCOPY busybox /bin/busybox\nRUN [\"/bin/busybox\", \"sleep\", \"300\"]\n");
        using var process = Process.Start(workshop.Start("deploy", "slow", "--json"))!;
        var error = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line
            && !(line.Contains("sleep", StringComparison.Ordinal) && line.Contains("\"image\"", StringComparison.Ordinal)))
        {
            // The step that sleeps has not begun.
        }
        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        var rest = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await rest;

        Assert.Equal(130, process.ExitCode);
        Assert.Contains("stopped while building " + image, await error, StringComparison.Ordinal);
        Assert.DoesNotContain("slow", await workshop.PodmanAsync("images", "--noheading"), StringComparison.Ordinal);
        Assert.Null(await node.Registry.DigestAsync(image));
        Assert.Empty(await node.ContainersAsync("slow"));
    }

    /// <summary>A service of one component whose image is built from a source of the same name.</summary>
    private Workshop Prepare(string service, string image, string? dockerfile = null)
    {
        var workshop = node.Open();
        workshop.AddSource(service, dockerfile);
        workshop.Define(service, $"name = \"{service}\"\n[build.images]\n{service} = \"Dockerfile\"\n{Component("web", image)}");
        return workshop;
    }

    private static string Component(string name, string image) => $"[[components]]\nname = \"{name}\"\nimage = \"{image}\"\n";

    private async Task<CliResult> FailsAsync(
        Workshop workshop, string service, int exitCode, string message, string remedy, params string[] options)
    {
        var result = (await workshop.McpAsync(["deploy", service, .. options])).Expect(exitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Contains(remedy, result.Error, StringComparison.Ordinal);
        Assert.Empty(await node.ContainersAsync(service));
        return result;
    }
}
