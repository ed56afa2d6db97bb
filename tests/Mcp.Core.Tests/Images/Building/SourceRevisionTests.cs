using Mcp.Core.Images.Building;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.Core.Tests.Images.Building;

public sealed class SourceRevisionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("https://anna:s3cret@git.example/team/app.git", "https://git.example/team/app.git")]
    [InlineData("https://s3cret@git.example:8443/team/app", "https://git.example:8443/team/app")]
    [InlineData("ssh://git:s3cret@git.example:2222/app.git", "ssh://git@git.example:2222/app.git")]
    [InlineData("git@git.example:team/app.git", "ssh://git@git.example/team/app.git")]
    [InlineData("https://git.example/app?token=s3cret", "https://git.example/app")]
    [InlineData("/srv/git/app.git", null)]
    [InlineData("../app", null)]
    [InlineData("file:///srv/git/app.git", null)]
    public void WithoutLogin_Remote_HasNoSecret(string remote, string? expected) =>
        Assert.Equal(expected, SourceRevision.WithoutLogin(remote));

    [Fact]
    public async Task Read_OutsideGit_IsNothing() =>
        Assert.Equal(new SourceRevision(null, null), await SourceRevision.ReadAsync(_folder.Path, default));

    [Fact]
    public async Task Read_RepositoryWithAndWithoutChanges_SaysSo()
    {
        if (ChildProcess.Find("git") is null)
            return;
        await GitAsync("init", "-q");
        _folder.Write("app/Dockerfile", "FROM scratch\n");
        await GitAsync("add", ".");
        await GitAsync("-c", "user.name=t", "-c", "user.email=t@example", "commit", "-q", "-m", "first");
        await GitAsync("remote", "add", "origin", "https://anna:s3cret@git.example/team/app.git");
        var app = _folder.Path + "/app";

        var clean = await SourceRevision.ReadAsync(app, default);
        _folder.Write("elsewhere.txt", "not part of the image");
        var elsewhere = await SourceRevision.ReadAsync(app, default);
        _folder.Write("app/new.txt", "part of it");
        var dirty = await SourceRevision.ReadAsync(app, default);

        Assert.Matches("^[0-9a-f]{40}$", clean.Revision);
        Assert.Equal("https://git.example/team/app.git", clean.Source);
        Assert.Equal(clean, elsewhere);
        Assert.Equal(clean.Revision + "-dirty", dirty.Revision);
    }

    public void Dispose() => _folder.Dispose();

    private Task<string> GitAsync(params string[] arguments) =>
        ChildProcess.RunAsync(ChildProcess.Find("git")!, ["-C", _folder.Path, .. arguments]);
}
