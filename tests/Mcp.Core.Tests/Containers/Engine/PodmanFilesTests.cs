using Mcp.Core.Containers.Engine;
using Mcp.Testing;

namespace Mcp.Core.Tests.Containers.Engine;

public sealed class PodmanFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public PodmanFilesTests()
    {
        _folder.Write("root/libpod/bolt_state.db", "states");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "exits"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_ConmonsArguments_FindsBoth() => Assert.NotNull(Find());

    [Theory]
    [InlineData("/usr/bin/conmon", "/usr/bin/containerd-shim")]
    [InlineData("abc", "def")]
    [InlineData("--exit-dir", "--other-dir")]
    [InlineData("--root", "--other")]
    public void Of_OtherArguments_IsNull(string argument, string other) => Assert.Null(Find((argument, other)));

    [Fact]
    public void Of_DatabaseOfAnotherKindBesideIt_IsNull()
    {
        _folder.Write("root/db.sql", "states");

        Assert.Null(Find());
    }

    [Fact]
    public void Of_NoDatabase_IsNull()
    {
        File.Delete(Path.Combine(_folder.Path, "root/libpod/bolt_state.db"));

        Assert.Null(Find());
    }

    [Fact]
    public void Stamp_NothingChanged_IsTheSame()
    {
        var files = Find()!;

        Assert.Equal(files.Stamp(), files.Stamp());
    }

    [Theory]
    [InlineData("root/libpod/bolt_state.db")]
    [InlineData("exits")]
    public void Stamp_WrittenTo_IsAnother(string path)
    {
        var files = Find()!;
        var before = files.Stamp();
        File.SetLastWriteTimeUtc(Path.Combine(_folder.Path, path), DateTime.UtcNow.AddSeconds(10));

        Assert.NotEqual(before, files.Stamp());
    }

    [Fact]
    public void Stamp_Gone_IsNull()
    {
        var files = Find()!;
        Directory.Delete(Path.Combine(_folder.Path, "exits"));

        Assert.Null(files.Stamp());
    }

    private PodmanFiles? Find(params (string Argument, string Other)[] changes)
    {
        string[] conmon =
        [
            "/usr/bin/conmon", "--api-version", "1", "-c", "abc", "--exit-dir", _folder.Path + "/exits", "--exit-command",
            "/usr/bin/podman", "--exit-command-arg", "--root", "--exit-command-arg", _folder.Path + "/root", "--exit-command-arg",
            "container", "--exit-command-arg", "cleanup", "--exit-command-arg", "abc", "",
        ];
        return PodmanFiles.Of("abc", [.. conmon.Select(a => changes.FirstOrDefault(c => c.Argument == a).Other ?? a)]);
    }
}
