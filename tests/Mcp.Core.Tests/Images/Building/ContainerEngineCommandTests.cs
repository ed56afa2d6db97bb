using Mcp.Core.Images.Building;
using Mcp.Testing;

namespace Mcp.Core.Tests.Images.Building;

public sealed class ContainerEngineCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Find_Both_TakesPodman()
    {
        _folder.Write(Program("docker"), "");
        _folder.Write(Program("podman"), "");

        Assert.Equal("podman", ContainerEngineCommand.Find(null, _folder.Path).Name);
        Assert.Equal("docker", ContainerEngineCommand.Find("docker", _folder.Path).Name);
        Assert.Equal("docker", ContainerEngineCommand.Find(Path.Combine(_folder.Path, Program("docker")), "").Name);
    }

    [Theory]
    [InlineData(null, "neither podman nor docker is on PATH")]
    [InlineData("docker", "'docker' (engine under [build]) was not found")]
    [InlineData("/nowhere/podman", "'/nowhere/podman' (engine under [build]) was not found")]
    public void Find_None_SaysWhatToInstall(string? configured, string words)
    {
        var error = Assert.Throws<ImageBuildException>(() => ContainerEngineCommand.Find(configured, _folder.Path));

        Assert.Equal(ImageBuildError.EngineMissing, error.Error);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("install", error.Remedy, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Program(string name) => OperatingSystem.IsWindows() ? name + ".exe" : name;
}
