using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mcp.Agent.Hosting;
using Mcp.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Mcp.Agent.Tests.Hosting;

public sealed class ServerCertificateTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private AgentConfig Config => new() { DataDirectory = _folder.Path, Name = "n1" };

    private DataDirectory Data => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void LoadOrCreate_FirstStart_MakesOneThatClientsCanUse()
    {
        var config = Config with { Tls = new() { Names = ["node.example", "10.1.2.3"] } };
        using var own = ServerCertificate.LoadOrCreate(config, Data, _time);
        var names = own.Certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();

        Assert.True(own.IsOwn);
        Assert.True(own.Certificate.HasPrivateKey);
        Assert.Equal("ECC", own.Certificate.PublicKey.Oid.FriendlyName);
        Assert.Equal(["localhost", Environment.MachineName, "node.example"], names.EnumerateDnsNames());
        Assert.Equal(["10.1.2.3", "127.0.0.1", "::1"], names.EnumerateIPAddresses().Select(a => a.ToString()));
        Assert.InRange(
            own.Certificate.NotAfter, _time.GetUtcNow().AddYears(10).AddDays(-2).UtcDateTime,
            _time.GetUtcNow().AddYears(10).AddDays(1).UtcDateTime);
        Assert.Equal(
            Convert.ToHexString(SHA256.HashData(own.Certificate.RawData)), own.Fingerprint.Replace(":", "", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Data.Key));
    }

    [Fact]
    public void LoadOrCreate_LaterStart_KeepsTheCertificate()
    {
        using var first = ServerCertificate.LoadOrCreate(Config, Data, _time);
        using var second = ServerCertificate.LoadOrCreate(Config with { Name = "renamed" }, Data, _time);
        Assert.Equal(first.Fingerprint, second.Fingerprint);
    }

    [Fact]
    public void Load_WithChain_KeepsItInOrder()
    {
        var authority = TestAuthority.Create(_folder.Path);
        using var loaded = ServerCertificate.Load(authority.ChainFile, authority.KeyFile, isOwn: false, _time);

        Assert.Equal("CN=node", loaded.Certificate.Subject);
        Assert.Equal("CN=intermediate", Assert.Single(loaded.Chain).Subject);
        Assert.Empty(loaded.Warnings(_time));
    }

    [Fact]
    public void Load_WithoutItsChain_Warns()
    {
        var authority = TestAuthority.Create(_folder.Path);
        using var loaded = ServerCertificate.Load(authority.LeafFile, authority.KeyFile, isOwn: false, _time);
        Assert.Contains("intermediate", Assert.Single(loaded.Warnings(_time)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SoonOver_Warns()
    {
        using (ServerCertificate.LoadOrCreate(Config, Data, _time))
        {
        }

        _time.Advance(TimeSpan.FromDays(3650 - 20));
        using var old = ServerCertificate.LoadOrCreate(Config, Data, _time);
        Assert.Contains("expires on", Assert.Single(old.Warnings(_time)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Expired_IsRefused()
    {
        using (ServerCertificate.LoadOrCreate(Config, Data, _time))
        {
        }

        _time.Advance(TimeSpan.FromDays(3660));
        var error = Assert.Throws<StartupException>(() => ServerCertificate.LoadOrCreate(Config, Data, _time));
        Assert.Equal(ExitCodes.Usage, error.ExitCode);
        Assert.Contains("expired", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not a certificate", null)]
    [InlineData(null, "not a key")]
    [InlineData("", "")]
    public void Load_BadPem_SaysWhatIsExpected(string? certificate, string? key)
    {
        var authority = TestAuthority.Create(_folder.Path);
        if (certificate is not null)
            File.WriteAllText(authority.ChainFile, certificate);
        if (key is not null)
            File.WriteAllText(authority.KeyFile, key);

        var error =
            Assert.Throws<StartupException>(() => ServerCertificate.Load(authority.ChainFile, authority.KeyFile, isOwn: false, _time));
        Assert.Equal(ExitCodes.Usage, error.ExitCode);
        Assert.Contains(authority.ChainFile, error.Message, StringComparison.Ordinal);
        Assert.Contains("PEM", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_KeyOfAnotherCertificate_IsRefused()
    {
        var authority = TestAuthority.Create(_folder.Path);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(authority.KeyFile, other.ExportPkcs8PrivateKeyPem());
        Assert.Throws<StartupException>(() => ServerCertificate.Load(authority.ChainFile, authority.KeyFile, isOwn: false, _time));
    }

    [Fact]
    public void Load_MissingFile_IsRefusedWithItsName()
    {
        var error = Assert.Throws<StartupException>(
            () => ServerCertificate.Load(Path.Combine(_folder.Path, "none.crt"), Data.Key, isOwn: false, _time));
        Assert.Contains("none.crt", error.Message, StringComparison.Ordinal);
    }
}
