using Mcp.Core.Images;
using Mcp.Core.Images.Credentials;
using Mcp.Testing;
using static Mcp.Core.Tests.Images.Distribution.ClientUnderTest;

namespace Mcp.Core.Tests.Images.Credentials;

public sealed class ImageRegistryCredentialsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("reg.example", "team/app", "app-user")]
    [InlineData("reg.example", "team/other", "team-user")]
    [InlineData("reg.example", "teams/app", "host-user")]
    [InlineData("reg.example:5000", "team/app", "port-user")]
    [InlineData("docker.io", "library/nginx", "hub-user")]
    [InlineData("old.example", "x", "old-user")]
    [InlineData("unknown.example", "x", null)]
    public async Task Find_SeveralLogins_TakesTheLongestPrefix(string host, string repository, string? user)
    {
        var file = _folder.Write("auth.json", $$"""
            { "auths": {
                "reg.example": { "auth": "{{Base64("host-user:p")}}" },
                "reg.example/team": { "auth": "{{Base64("team-user:p")}}" },
                "reg.example/team/app": { "auth": "{{Base64("app-user:p")}}" },
                "reg.example:5000": { "auth": "{{Base64("port-user:p:with:colons\0\0")}}" },
                "https://index.docker.io/v1/": { "auth": "{{Base64("hub-user:p")}}" },
                "http://old.example/v1/": { "auth": "{{Base64("old-user:p")}}" },
                "empty.example": {}
            } }
            """);

        var found = await Logins(file).FindAsync(host, repository, default);

        Assert.Equal(user, found?.Username);
        if (user == "port-user")
            Assert.Equal("p:with:colons", found!.Password);
    }

    [Fact]
    public async Task Find_TwoFiles_TakesTheFirstThatHasOne()
    {
        var first = _folder.Write("a.json", """{"auths":{"other.example":{"auth":"eDp5"}}}""");
        var second = Login(_folder);

        var found = await new ImageRegistryCredentials(
            new([_folder.Path + "/missing.json", first, second], [], TimeSpan.FromSeconds(5)), TimeProvider.System)
                .FindAsync("reg.example", "app", default);

        Assert.Equal("anna", found!.Username);
        Assert.Equal(Password, found.Password);
        Assert.Equal($"anna (from {second})", found.ToString());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("""{"auths":{"reg.example":{"auth":"%%%"}}}""")]
    [InlineData("""{"auths":{"reg.example":{"auth":"czNjcmV0"}}}""")]
    public async Task Find_BrokenFile_NamesIt(string text)
    {
        var file = _folder.Write("auth.json", text);

        var error = await Assert.ThrowsAsync<ImageRegistryException>(() => Logins(file).FindAsync("reg.example", "app", default));

        Assert.Equal(ImageRegistryError.Credentials, error.Error);
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_EmptyFile_IsNoLogin() =>
        Assert.Null(await Logins(_folder.Write("auth.json", "")).FindAsync("reg.example", "app", default));

    [Fact]
    public void Sources_OnWorkstation_AreInPodmansOrder()
    {
        var environment =
            new Dictionary<string, string> { ["XDG_RUNTIME_DIR"] = "/run/user/1000", ["PATH"] = "/a" + Path.PathSeparator + "/b" };

        var sources = CredentialSources.From(environment.GetValueOrDefault, "/home/anna");

        Assert.Equal(
            ["/run/user/1000/containers/auth.json", "/home/anna/.config/containers/auth.json", "/home/anna/.docker/config.json"],
            sources.AuthFiles.Select(f => f.Replace('\\', '/')));
        Assert.Equal(["/a", "/b"], sources.HelperFolders);
    }

    [Fact]
    public void Sources_FileNamedByEnvironment_IsTheOnlyOne()
    {
        var environment = new Dictionary<string, string> { ["REGISTRY_AUTH_FILE"] = "/x/auth.json", ["DOCKER_CONFIG"] = "/y" };

        Assert.Equal(["/x/auth.json"], CredentialSources.From(environment.GetValueOrDefault, "/home/anna").AuthFiles);
    }

    [Fact]
    public void Sources_DockerConfig_ReplacesDockersFolder()
    {
        var environment = new Dictionary<string, string> { ["XDG_RUNTIME_DIR"] = "/run/user/1", ["DOCKER_CONFIG"] = "/y" };

        Assert.Equal(
            "/y/config.json", CredentialSources.From(environment.GetValueOrDefault, "/home/anna").AuthFiles[^1].Replace('\\', '/'));
    }

    public void Dispose() => _folder.Dispose();
}
