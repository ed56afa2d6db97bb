using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Registry;

/// <summary>The SQLite file that holds the desired state of this node. Every failure is thrown as an <see cref="AgentException"/> that
/// names the file.</summary>
internal sealed class RegistryDatabase : IDisposable
{
    private static readonly TimeSpan DefaultBusyTimeout = TimeSpan.FromSeconds(5);

    private readonly string _connectionString;
    private readonly TimeSpan _busyTimeout;

    // Writers of this process wait for each other here, in order, rather than in SQLite's sleep and retry; the busy timeout is for other
    // processes.
    private readonly Lock _writing = new();
    private readonly Lock _rescue = new();

    // Of the file as it was opened, whatever its path leads to later.
    private readonly OpenedFile _file;
    private readonly SqliteConnection _anchor;

    private RegistryDatabase(string path, TimeSpan busyTimeout)
    {
        Path = path;
        _busyTimeout = busyTimeout;
        _file = new(path);
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            ForeignKeys = true,
            DefaultTimeout = Math.Max(1, (int)busyTimeout.TotalSeconds),
        }.ToString();
        _anchor = new(_connectionString + ";Pooling=False");
    }

    public string Path { get; }

    /// <summary>Transactions written since it was opened: each waits for the disk.</summary>
    public long Written { get; private set; }

    /// <summary>Opens the database, making the file (readable by its owner only) when it isn't there, checks that its pages are sound, and
    /// brings its schema up to date.</summary>
    /// <param name="busyTimeout">How long to wait for another process's lock; null is 5 s.</param>
    public static RegistryDatabase Open(string path, TimeSpan? busyTimeout = null)
    {
        var full = System.IO.Path.GetFullPath(path);
        RegistryFile.Ensure(full);
        var database = new RegistryDatabase(full, busyTimeout ?? DefaultBusyTimeout);
        try
        {
            database.Guard(connection =>
            {
                RequireSound(connection, full);
                connection.Text("PRAGMA journal_mode = WAL");
                database._anchor.Open();
                database._anchor.Text("PRAGMA schema_version");
                database.BackUpBefore(Migrations.All[^1].Version, Migrator.VersionOf(connection));
                Migrator.Migrate(connection, full, Migrations.All);
                return 0;
            });
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file is a sound registry database that this agent can use.</summary>
    /// <exception cref="AgentException">It is not.</exception>
    public static void Check(string path)
    {
        var source = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString();
        try
        {
            using var connection = new SqliteConnection(source);
            connection.Open();
            RequireSound(connection, path);
            Migrator.RequireKnown(connection, path, Migrations.All);
        }
        catch (SqliteException e)
        {
            throw RegistryFailure.From(e, path);
        }
    }

    public T Read<T>(Func<SqliteConnection, T> read) => Guard(read);

    /// <summary>One transaction, taken for writing from its start so that it can't fail halfway for a lock.</summary>
    public T Write<T>(Func<SqliteConnection, T> write)
    {
        // Writers ahead may themselves wait for another process's lock; waiting for each of them in turn would take a multiple of the
        // timeout.
        if (!_writing.TryEnter(_busyTimeout))
            throw RegistryFailure.Busy(Path, _busyTimeout);
        try
        {
            return Guard(connection =>
            {
                using var transaction = connection.BeginTransaction(deferred: false);
                var result = write(connection);
                transaction.Commit();
                Written++;
                return result;
            });
        }
        finally
        {
            _writing.Exit();
        }
    }

    public void Write(Action<SqliteConnection> write) => Write(connection =>
    {
        write(connection);
        return 0;
    });

    /// <summary>A consistent copy, made while the agent works on. The target must not exist yet.</summary>
    public void Backup(string target) => Guard(connection => Copy(connection, System.IO.Path.GetFullPath(target)));

    private static int Copy(SqliteConnection connection, string full)
    {
        RegistryFile.CreateNew(full);
        try
        {
            return connection.Execute("VACUUM INTO @target", ("target", full));
        }
        catch
        {
            File.Delete(full);
            throw;
        }
    }

    private static void RequireSound(SqliteConnection connection, string path)
    {
        if (connection.Text("PRAGMA quick_check(1)") is var found && found != "ok")
            throw RegistryFailure.Damaged(path, found ?? "no answer", null);
    }

    /// <summary>What an older agent can go back to: PATH.schemaN, kept until it is deleted by hand. The first one stays when the migration
    /// is tried again.</summary>
    private void BackUpBefore(int newest, int current)
    {
        var target = $"{Path}.schema{current}";
        if (current == 0 || current >= newest || File.Exists(target))
            return;
        // A crash must not leave half a copy under the name of a whole one.
        var unfinished = target + ".part";
        File.Delete(unfinished);
        Backup(unfinished);
        File.Move(unfinished, target);
    }

    /// <summary>Closes the pooled connections, so that the file is free.</summary>
    public void Dispose()
    {
        using (var connection = new SqliteConnection(_connectionString))
            SqliteConnection.ClearPool(connection);
        _anchor.Dispose();
        // After the connections: closing a file ends the locks that this process has on it.
        _file.Dispose();
    }

    private T Guard<T>(Func<SqliteConnection, T> action)
    {
        RequireFile();
        return Run(action);
    }

    /// <summary>A file that was removed or replaced is still written to by those who have it open, and forgotten when they end. Nothing is
    /// to be done in its name any more; what it held is saved.</summary>
    private void RequireFile()
    {
        if (_file.IsInItsPlace)
            return;
        var rescued = Path + ".rescued";
        lock (_rescue)
        {
            try
            {
                if (!File.Exists(rescued))
                    Copy(_anchor, rescued);
            }
            catch (Exception e) when (e is AgentException or SqliteException)
            {
                throw RegistryFailure.Gone(Path, null);
            }
        }
        throw RegistryFailure.Gone(Path, rescued);
    }

    private T Run<T>(Func<SqliteConnection, T> action)
    {
        try
        {
            using var connection = new SqliteConnection(_connectionString);
            connection.Open();
            // Whatever SQLite was built with: what is stored before a step acts has to outlive a power cut.
            connection.Execute($"PRAGMA busy_timeout = {(long)_busyTimeout.TotalMilliseconds}; PRAGMA synchronous = FULL");
            return action(connection);
        }
        catch (SqliteException e)
        {
            throw RegistryFailure.From(e, Path);
        }
    }
}
