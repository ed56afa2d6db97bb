using Mcp.Agent.Registry;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Tests.Registry;

public sealed class MigratorTests : IDisposable
{
    private static readonly Migration First = new(1, "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1)");

    private readonly SqliteConnection _connection = new("Data Source=:memory:");

    public MigratorTests() => _connection.Open();

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void Migrate_OldDatabase_RunsOnlyWhatIsNew()
    {
        Migrator.Migrate(_connection, "db", [First]);

        Migrator.Migrate(_connection, "db", [First, new(2, "ALTER TABLE a ADD COLUMN y TEXT"), new(3, "UPDATE a SET y = 'three'")]);

        Assert.Equal([(1L, "three")], _connection.Query("SELECT x, y FROM a", row => (row.GetInt64(0), row.GetString(1))));
        Assert.Equal(3, _connection.Number("PRAGMA user_version"));
    }

    [Fact]
    public void Migrate_StepThatFailsHalfway_LeavesTheVersionBefore()
    {
        Assert.Throws<SqliteException>(
            () => Migrator.Migrate(_connection, "db", [First, new(2, "DELETE FROM a; SELECT nonsense FROM nowhere")]));

        Assert.Equal(1, _connection.Number("PRAGMA user_version"));
        Assert.Equal(1, _connection.Number("SELECT count(*) FROM a"));
    }

    [Fact]
    public void All_Versions_CountUpFromOne() =>
        Assert.Equal(Enumerable.Range(1, Migrations.All.Count), Migrations.All.Select(m => m.Version));
}
