using System.Runtime.Versioning;
using Mcp.Core.Images;
using Mcp.Core.Images.Credentials;
using Mcp.Testing;
using static Mcp.Core.Tests.Images.Distribution.ClientUnderTest;

namespace Mcp.Core.Tests.Images.Credentials;

[UnsupportedOSPlatform("windows")]
public sealed class CredentialHelperTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("""{"credHelpers":{"reg.example":"t"}}""", "reg.example", "reg.example")]
    [InlineData("""{"credHelpers":{"reg.example/team":"t"},"credsStore":"other"}""", "reg.example", "reg.example/team")]
    [InlineData("""{"credsStore":"t","auths":{"reg.example":{}}}""", "reg.example", "reg.example")]
    [InlineData("""{"credsStore":"t"}""", "docker.io", "https://index.docker.io/v1/")]
    public async Task Find_HelperIsResponsible_IsAskedThroughStdin(string config, string host, string server)
    {
        Helper("""read server; echo "{\"ServerURL\":\"$server\",\"Username\":\"$server:$1\",\"Secret\":\"s3cret\"}" """);

        var found = await Find(config, host);

        Assert.Equal(server + ":get", found!.Username);
        Assert.Equal("s3cret", found.Password);
        Assert.DoesNotContain("s3cret", found.ToString(), StringComparison.Ordinal);
        Assert.Equal("docker-credential-t", found.Source);
    }

    [Fact]
    public async Task Find_HelperGivesIdentityToken_IsKeptAsOne()
    {
        Helper("""echo '{"Username":"<token>","Secret":"long-lived"}'""");

        var found = await Find("""{"credsStore":"t"}""");

        Assert.Equal("long-lived", found!.IdentityToken);
    }

    [Fact]
    public async Task Find_HelperHasNone_FallsBackToTheFile()
    {
        Helper("echo 'credentials not found in native keychain'; exit 1");

        var found = await Find($$"""{"credsStore":"t","auths":{"reg.example":{"auth":"{{Base64("anna:p")}}" } } }""");

        Assert.Equal("anna", found!.Username);
    }

    [Fact]
    public async Task Find_HelperFails_RepeatsItsWords()
    {
        Helper("echo 'the keychain is locked' >&2; exit 3");

        var error = await Assert.ThrowsAsync<ImageRegistryException>(() => Find("""{"credsStore":"t"}"""));

        Assert.Equal("docker-credential-t failed with exit code 3: the keychain is locked", error.Message);
        Assert.Equal(ImageRegistryError.Credentials, error.Error);
    }

    [Fact]
    public async Task Find_HelperTalksNonsense_IsNotRepeated()
    {
        Helper("echo 's3cret and more'");

        var error = await Assert.ThrowsAsync<ImageRegistryException>(() => Find("""{"credsStore":"t"}"""));

        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing", "is not on PATH")]
    [InlineData("../../bin/sh", "not a valid name of a credential helper")]
    public async Task Find_HelperCannotBeStarted_SaysWhy(string name, string words)
    {
        var error = await Assert.ThrowsAsync<ImageRegistryException>(() => Find($$"""{"credsStore":"{{name}}"}"""));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Remedy);
    }

    [Fact]
    public async Task Find_HelperHangs_IsEnded()
    {
        var time = new WatchedTimeProvider();
        Helper($"echo $$ > {_folder.Path}/pid; exec sleep 1000");
        var file = _folder.Write("config.json", """{"credsStore":"t"}""");
        var find = new ImageRegistryCredentials(new([file], [_folder.Path], TimeSpan.FromSeconds(5)), time)
            .FindAsync("reg.example", "team/app", default);

        await time.WaitForTimerAsync();
        time.Advance(TimeSpan.FromSeconds(5));
        var error = await Assert.ThrowsAsync<ImageRegistryException>(() => find);

        Assert.Contains("did not answer within 5 s", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Helper(string script)
    {
        var path = _folder.Write("docker-credential-t", "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private Task<ImageRegistryCredential?> Find(string config, string host = "reg.example") =>
        new ImageRegistryCredentials(
            new([_folder.Write("config.json", config)], [_folder.Path], TimeSpan.FromSeconds(20)), TimeProvider.System)
                .FindAsync(host, "team/app", default);
}
