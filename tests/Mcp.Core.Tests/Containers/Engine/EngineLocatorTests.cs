using Mcp.Core.Containers;
using Mcp.Core.Containers.Engine;
using Mcp.Testing;

namespace Mcp.Core.Tests.Containers.Engine;

public sealed class EngineLocatorTests
{
    private static readonly EngineSettings Auto = new() { DataDirectory = "/data" };

    [Fact]
    public void Candidates_Auto_AreVariablesThenPodmanThenDocker() => Assert.Equal(
        ["/d.sock", "/c.sock", "/run/podman/podman.sock", "/run/user/7/podman/podman.sock", "/var/run/docker.sock"],
        Paths(Auto, ("DOCKER_HOST", "unix:///d.sock"), ("CONTAINER_HOST", "unix:///c.sock"), ("XDG_RUNTIME_DIR", "/run/user/7")));

    [Fact]
    public void Candidates_ConfiguredSocket_IsTheOnlyOne() =>
        Assert.Equal(["/my.sock"], Paths(Auto with { Socket = "unix:///my.sock" }, ("DOCKER_HOST", "unix:///d.sock")));

    [Fact]
    public void Candidates_OneKind_LeavesTheOtherOut()
    {
        Assert.Equal(
            ["/c.sock", "/run/podman/podman.sock"],
            Paths(Auto with { Kind = EngineKind.Podman }, ("DOCKER_HOST", "unix:///d.sock"), ("CONTAINER_HOST", "/c.sock")));
        Assert.Equal(
            ["/d.sock", "/var/run/docker.sock"],
            Paths(Auto with { Kind = EngineKind.Docker }, ("DOCKER_HOST", "unix:///d.sock"), ("CONTAINER_HOST", "/c.sock")));
    }

    [Fact]
    public void Candidates_RemoteOrRepeatedAddress_IsLeftOut() =>
        Assert.Equal(
            ["/run/podman/podman.sock", "/var/run/docker.sock"],
            Paths(Auto, ("DOCKER_HOST", "tcp://elsewhere:2375"), ("CONTAINER_HOST", "unix:///run/podman/podman.sock")));

    [Fact]
    public void Candidates_Windows_ArePipes() =>
        Assert.Equal(
            ["//./pipe/podman-machine-default", "//./pipe/docker_engine"],
            EngineLocator.Candidates(Auto, Machine() with { IsWindows = true }).Select(c => c.SocketPath));

    [Fact]
    public void Candidates_ConfiguredAddressOfAnotherMachine_IsRefused()
    {
        var error = Assert.Throws<EngineException>(() => Paths(Auto with { Socket = "tcp://elsewhere:2375" }));

        Assert.Equal(EngineError.NotSupported, error.Error);
        Assert.Contains("tcp://elsewhere:2375", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PodmanProgram_OnPath_IsFoundUnlessAnotherEngineIsMeant()
    {
        var machine = Machine(("PATH", "/bin:/opt/bin")) with { FileExists = path => path == "/opt/bin/podman" };

        Assert.Equal("/opt/bin/podman", EngineLocator.PodmanProgram(Auto, machine));
        Assert.Null(EngineLocator.PodmanProgram(Auto with { Kind = EngineKind.Docker }, machine));
        Assert.Null(EngineLocator.PodmanProgram(Auto with { Socket = "/x.sock" }, machine));
    }

    [Fact]
    public async Task Open_NothingAnywhere_NamesWhatWasTriedAndWhatToInstall()
    {
        using var folder = new TempFolder();
        var machine = Machine(("DOCKER_HOST", $"unix://{folder.Path}/d.sock"), ("CONTAINER_HOST", $"unix://{folder.Path}/c.sock"));

        var error = await Assert.ThrowsAsync<EngineException>(() =>
            ContainerEngine.OpenAsync(
                new EngineSettings { DataDirectory = folder.Path, Socket = folder.Path + "/no.sock" }, machine, _ => { },
                TimeProvider.System, default));

        Assert.Equal(EngineError.Unreachable, error.Error);
        Assert.Contains(folder.Path + "/no.sock (configuration: not there)", error.Message, StringComparison.Ordinal);
        var nothing = EngineLocator.NothingFound(Auto, ["/a.sock (DOCKER_HOST: not there)", "podman on PATH"]);
        Assert.Contains("tried /a.sock (DOCKER_HOST: not there), podman on PATH", nothing.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install podman", nothing.Remedy, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Paths(EngineSettings settings, params (string, string)[] variables) =>
        EngineLocator.Candidates(settings, Machine(variables)).Select(c => c.SocketPath);

    private static EngineSurroundings Machine(params (string Name, string Value)[] variables) => new()
    {
        Environment = name => variables.FirstOrDefault(v => v.Name == name).Value,
        FileExists = _ => false,
        IsWindows = false,
    };
}
