using Mcp.Agent.Registry;
using Mcp.Testing;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Tests.Registry;

public sealed class RegistryDatabaseTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_NewFile_IsReadableByItsOwnerOnly()
    {
        using var registry = RegistryDatabase.Open(Path.Combine(_folder.Path, "new", "registry.db"));
        new ServiceStore(registry).Save(StoredServices.Full());

        Assert.All([registry.Path, registry.Path + "-wal", registry.Path + "-shm"], file => Assert.True(IsOwnersOnly(file)));
    }

    [Fact]
    public void Open_FileThatOthersMayRead_TakesThatAway()
    {
        var path = _folder.Write("registry.db", "");
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        using var registry = RegistryDatabase.Open(path);

        Assert.True(IsOwnersOnly(path));
    }

    [Fact]
    public void Open_Database_HasWalAndForeignKeys()
    {
        using var registry = RegistryDatabase.Open(_folder.File("registry.db"), TimeSpan.FromSeconds(3));

        Assert.Equal("wal", registry.Read(c => c.Text("PRAGMA journal_mode")));
        Assert.Equal(1, registry.Read(c => c.Number("PRAGMA foreign_keys")));
        Assert.Equal(3000, registry.Read(c => c.Number("PRAGMA busy_timeout")));
    }

    [Fact]
    public void Open_SecondTime_KeepsWhatIsThere()
    {
        var path = _folder.File("registry.db");
        using (var first = RegistryDatabase.Open(path))
            new ServiceStore(first).Save(StoredServices.Full());

        using var second = RegistryDatabase.Open(path);

        Assert.Equal(StoredServices.Full(), new ServiceStore(second).Find("shop"));
    }

    [Fact]
    public void Open_SchemaOfANewerAgent_IsRefused()
    {
        var path = _folder.File("registry.db");
        using (var first = RegistryDatabase.Open(path))
            first.Read(c => c.Execute("PRAGMA user_version = 99"));

        var refusal = Assert.Throws<AgentException>(() => RegistryDatabase.Open(path));

        Assert.Equal("registry-newer", refusal.Id);
        Assert.Contains($"{path} has schema 99", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("newer mcp-agent", refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileThatIsNoDatabase_IsCorrupt()
    {
        var path = _folder.Write("registry.db", new string('x', 5000));

        var refusal = Assert.Throws<AgentException>(() => RegistryDatabase.Open(path));

        Assert.Equal(AgentError.RegistryCorrupt, refusal.Error);
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("file is not a database", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DirectoryInPlaceOfTheFile_NamesIt()
    {
        var path = _folder.File("registry.db", "x");

        var refusal = Assert.Throws<AgentException>(() => RegistryDatabase.Open(Path.GetDirectoryName(path)!));

        Assert.Equal(AgentError.RegistryFailed, refusal.Error);
        Assert.Contains(Path.GetDirectoryName(path)!, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_DiskFull_SaysSoAndChangesNothing()
    {
        using var registry = RegistryDatabase.Open(_folder.File("registry.db"));

        var refusal = Assert.Throws<AgentException>(() => registry.Write(connection =>
        {
            connection.Execute("PRAGMA max_page_count = 1");
            connection.Execute(
                "INSERT INTO services (name, definition, deployed_at, deployed_by) VALUES ('big', @text, '', '')",
                ("text", new string('x', 1_000_000)));
        }));

        Assert.Equal("registry-disk-full", refusal.Id);
        Assert.Contains(registry.Path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("free space", refusal.Remedy, StringComparison.Ordinal);
        Assert.Empty(new ServiceStore(registry).KnownServices);
    }

    [Fact]
    public void Write_ReadOnlyDatabase_SaysSo()
    {
        using var registry = RegistryDatabase.Open(_folder.File("registry.db"));

        var refusal = Assert.Throws<AgentException>(() => registry.Write(connection =>
        {
            connection.Execute("PRAGMA query_only = 1");
            connection.Execute("DELETE FROM services");
        }));

        Assert.Equal(AgentError.RegistryReadOnly, refusal.Error);
    }

    [Fact]
    public void Write_LockedByAnotherProcess_SaysSoAfterTheTimeout()
    {
        using var registry = RegistryDatabase.Open(_folder.File("registry.db"), TimeSpan.FromMilliseconds(50));
        using var other = new SqliteConnection($"Data Source={registry.Path};Pooling=False");
        other.Open();
        using var transaction = other.BeginTransaction(deferred: false);

        var refusal = Assert.Throws<AgentException>(() => new ServiceStore(registry).Save(StoredServices.Full()));

        Assert.Equal("registry-locked", refusal.Id);
        Assert.Null(new ServiceStore(registry).Find("shop"));
    }

    /// <summary>A queue of writers that each wait for another process's lock must not hold up the last of them for the sum of it.</summary>
    [Fact]
    public async Task Write_BehindOneThatWaits_SaysSoAfterTheTimeoutToo()
    {
        using var registry = RegistryDatabase.Open(_folder.File("registry.db"), TimeSpan.FromMilliseconds(50));
        using var writing = new ManualResetEventSlim();
        using var over = new ManualResetEventSlim();
        var first = Task.Run(() => registry.Write(_ =>
        {
            writing.Set();
            over.Wait();
        }));
        writing.Wait();

        var refusal = Assert.Throws<AgentException>(() => registry.Write(_ => { }));

        Assert.Equal("registry-locked", refusal.Id);
        over.Set();
        await first;
        registry.Write(_ => { });
    }

    [Fact]
    public void Write_ThatThrows_ChangesNothing()
    {
        using var registry = RegistryDatabase.Open(_folder.File("registry.db"));

        Assert.Throws<InvalidOperationException>(() => registry.Write(connection =>
        {
            connection.Execute("INSERT INTO services (name, deployed_at, deployed_by) VALUES ('x', '', '')");
            throw new InvalidOperationException();
        }));

        Assert.Empty(new ServiceStore(registry).KnownServices);
    }

    [Fact]
    public void Backup_WhileInUse_IsACompleteDatabase()
    {
        using var registry = RegistryDatabase.Open(_folder.File("registry.db"));
        new ServiceStore(registry).Save(StoredServices.Full());
        var target = _folder.File("backup's.db");

        registry.Backup(target);

        Assert.True(IsOwnersOnly(target));
        using var copy = RegistryDatabase.Open(target);
        Assert.Equal(StoredServices.Full(), new ServiceStore(copy).Find("shop"));
    }

    [Fact]
    public void Backup_OntoAFileThatIsThere_IsRefusedAndLeavesIt()
    {
        using var registry = RegistryDatabase.Open(_folder.File("registry.db"));
        var target = _folder.Write("backup.db", "precious");

        var refusal = Assert.Throws<AgentException>(() => registry.Backup(target));

        Assert.Contains("exists already", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(target));
    }

    // Windows has no modes: there the directory's own rights hold.
    private static bool IsOwnersOnly(string path) =>
        OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite);
}
