using System.Formats.Tar;
using Mcp.Agent.Hosting;
using Mcp.Agent.Registry;
using Mcp.Agent.Tests.Registry;
using Mcp.Testing;

namespace Mcp.Agent.Tests.Hosting;

public sealed class AgentBackupTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private DataDirectory Data => new(Path.Combine(_folder.Path, "data"));

    private string Backup => _folder.File("agent.backup");

    public AgentBackupTests()
    {
        Data.Create();
        using var database = RegistryDatabase.Open(Data.Database);
        new ServiceStore(database).Save(StoredServices.Full());
        File.WriteAllText(Data.Tokens, "tokens");
        File.WriteAllText(Data.AgentId, "0123456789ab");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Restore_BringsBackWhatWasThere_AndKeepsWhatIsThere()
    {
        Assert.Equal(["registry.db", "tokens.json", "agent-id"], AgentBackup.Write(Data, Backup));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Backup));
        using (var database = RegistryDatabase.Open(Data.Database))
            new ServiceStore(database).Remove("shop");
        File.WriteAllText(Data.Tokens, "other tokens");

        var (names, aside) = AgentBackup.Restore(Data, Backup);

        Assert.Equal(["registry.db", "tokens.json", "agent-id"], names);
        Assert.Equal("tokens", File.ReadAllText(Data.Tokens));
        Assert.Equal("other tokens", File.ReadAllText(Path.Combine(aside, "tokens.json")));
        using var restored = RegistryDatabase.Open(Data.Database);
        Assert.Equal(StoredServices.Full(), new ServiceStore(restored).Find("shop"));
        Assert.Empty(Directory.GetFileSystemEntries(Data.Root, ".mcp-backup-*"));
    }

    [Fact]
    public void Restore_CopyOfTheRegistry_TouchesNothingElse()
    {
        using (var database = RegistryDatabase.Open(Data.Database))
            database.Backup(Backup);

        Assert.Equal(["registry.db"], AgentBackup.Restore(Data, Backup).Names);

        Assert.Equal("tokens", File.ReadAllText(Data.Tokens));
    }

    [Fact]
    public void Restore_WhileTheAgentRuns_IsRefused()
    {
        AgentBackup.Write(Data, Backup);
        using var held = DataDirectoryLock.Take(Data);

        Assert.Contains("another agent", Assert.Throws<StartupException>(() => AgentBackup.Restore(Data, Backup)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("/etc/passwd")]
    [InlineData("agent.lock")]
    public void Restore_EntryThatNoBackupHas_IsRefusedAndChangesNothing(string name)
    {
        using (var stream = File.Create(Backup))
        using (var tar = new TarWriter(stream))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream([1]) });

        Assert.Contains("which no backup has", Assert.Throws<StartupException>(() => AgentBackup.Restore(Data, Backup)).Message,
            StringComparison.Ordinal);

        Assert.Equal("tokens", File.ReadAllText(Data.Tokens));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no backup")]
    [InlineData("SQLite format 3\0 and then nothing of the kind")]
    public void Restore_FileOfAnotherKind_IsRefusedAndChangesNothing(string content)
    {
        File.WriteAllText(Backup, content);

        Assert.True(Record.Exception(() => AgentBackup.Restore(Data, Backup)) is StartupException or AgentException);

        using var database = RegistryDatabase.Open(Data.Database);
        Assert.NotNull(new ServiceStore(database).Find("shop"));
    }

    [Fact]
    public void Write_OverAFile_IsRefused()
    {
        File.WriteAllText(Backup, "mine");

        Assert.Throws<StartupException>(() => AgentBackup.Write(Data, Backup));

        Assert.Equal("mine", File.ReadAllText(Backup));
    }
}
