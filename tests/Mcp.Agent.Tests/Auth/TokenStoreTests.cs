using System.Text;
using Mcp.Agent.Auth;
using Mcp.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Mcp.Agent.Tests.Auth;

public sealed class TokenStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    private string FilePath => _folder.File("tokens.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Validate_CreatedToken_NamesItsOwner()
    {
        var store = Open();
        var token = await store.CreateAsync("alice", Role.Operator, null, default);

        Assert.StartsWith("mcp_", token, StringComparison.Ordinal);
        Assert.Equal(new TokenOwner("alice", Role.Operator), store.Validate(token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("mcp_")]
    [InlineData("mcp_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Validate_OtherText_KnowsNobody(string token)
    {
        var store = Open();
        await store.CreateAsync("alice", Role.Admin, null, default);
        Assert.Null(store.Validate(token));
    }

    [Fact]
    public void Validate_NoFile_KnowsNobody() => Assert.Null(Open().Validate("mcp_x"));

    [Fact]
    public async Task Validate_TokenMadeAndRevokedByAnotherProcess_FollowsAtOnce()
    {
        var agent = Open();
        var command = Open();
        var token = await command.CreateAsync("ci", Role.Viewer, null, default);
        Assert.NotNull(agent.Validate(token));

        await command.RevokeAsync("ci", default);
        Assert.Null(agent.Validate(token));
    }

    [Fact]
    public async Task Validate_TokenThatExpires_SaysSince()
    {
        var store = Open();
        var token = await store.CreateAsync("ci", Role.Viewer, TimeSpan.FromDays(90), default);
        Assert.Equal(new TokenOwner("ci", Role.Viewer), store.Validate(token));

        _time.Advance(TimeSpan.FromDays(90));
        Assert.Equal(_time.GetUtcNow(), store.Validate(token)!.ExpiredAt);
    }

    [Fact]
    public async Task Rotate_AToken_HasItsRoleAndItsTimeAndTheOldOneIsRefused()
    {
        var store = Open();
        var old = await store.CreateAsync("ci", Role.Operator, TimeSpan.FromDays(90), default);
        _time.Advance(TimeSpan.FromDays(100));

        var token = await store.RotateAsync("ci", default);

        Assert.Null(store.Validate(old));
        Assert.Equal(new TokenOwner("ci", Role.Operator), store.Validate(token));
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromDays(90), Assert.Single(store.List()).ExpiresAt);
        Assert.Contains(
            "there is no token named 'nobody'",
            (await Assert.ThrowsAsync<TokenStoreException>(() => store.RotateAsync("nobody", default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_AFileFromBeforeTokensExpired_IsRead()
    {
        var hash = Convert.ToHexStringLower(AccessToken.Hash("mcp_x"));
        File.WriteAllText(
            FilePath,
            $$"""
            {"version":1,"tokens":[{"name":"a","role":"Admin","sha256":"{{hash}}","createdAt":"2026-01-01T00:00:00+00:00"}]}
            """);
        Assert.Equal(new TokenOwner("a", Role.Admin), Open().Validate("mcp_x"));
    }

    [Fact]
    public async Task Create_File_HoldsHashAndNotTheTokenAndIsPrivate()
    {
        var token = await Open().CreateAsync("alice", Role.Admin, null, default);
        var text = await File.ReadAllTextAsync(FilePath);

        Assert.DoesNotContain(token, text, StringComparison.Ordinal);
        Assert.Contains(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(token))), text,
            StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        Assert.Equal(["tokens.json", "tokens.json.lock"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Create_NameTaken_SaysHowToReplaceIt()
    {
        var store = Open();
        await store.CreateAsync("alice", Role.Admin, null, default);
        var error = await Assert.ThrowsAsync<TokenStoreException>(() => store.CreateAsync("alice", Role.Viewer, null, default));

        Assert.Contains("'alice'", error.Message, StringComparison.Ordinal);
        Assert.Contains("token revoke alice", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_ManyAtOnce_LosesNone()
    {
        var tokens = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(
            () => new TokenStore(FilePath, TimeProvider.System).CreateAsync($"user{i}", Role.Viewer, null, default))));

        var store = Open();
        Assert.Equal(12, store.List().Count);
        Assert.All(tokens, token => Assert.NotNull(store.Validate(token)));
    }

    [Fact]
    public async Task Revoke_UnknownName_ListsThoseThatExist()
    {
        var store = Open();
        await store.CreateAsync("alice", Role.Admin, null, default);
        var error = await Assert.ThrowsAsync<TokenStoreException>(() => store.RevokeAsync("bob", default));
        Assert.Contains("alice", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ not json")]
    [InlineData("{\"version\":9,\"tokens\":[]}")]
    [InlineData(
        "{\"version\":1,\"tokens\":[{\"name\":\"a\",\"role\":\"Viewer\",\"sha256\":\"zz\",\"createdAt\":\"2026-01-01T00:00:00Z\"}]}")]
    [InlineData("null")]
    public void Validate_DamagedFile_SaysSoAndLetsNobodyIn(string content)
    {
        File.WriteAllText(FilePath, content);
        var error = Assert.Throws<TokenStoreException>(() => Open().Validate("mcp_x"));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
    }

    private TokenStore Open() => new(FilePath, _time);
}
