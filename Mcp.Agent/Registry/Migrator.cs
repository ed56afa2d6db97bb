using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Registry;

/// <summary>One step of the schema. Released steps never change; what comes later is a new step.</summary>
internal sealed record Migration(int Version, Action<SqliteConnection> Apply)
{
    public Migration(int version, string sql)
        : this(version, connection => connection.Execute(sql))
    {
    }
}

/// <summary>Takes a database from the version in its header (PRAGMA user_version) to the newest, one transaction per step.</summary>
internal static class Migrator
{
    /// <summary>0: the database is empty.</summary>
    public static int VersionOf(SqliteConnection connection) => (int)connection.Number("PRAGMA user_version");

    /// <exception cref="AgentException">A newer agent has used it.</exception>
    public static int RequireKnown(SqliteConnection connection, string path, IReadOnlyList<Migration> migrations)
    {
        var newest = migrations[^1].Version;
        var current = VersionOf(connection);
        if (current > newest)
        {
            throw new AgentException(AgentError.RegistryNewer,
                $"the registry database {path} has schema {current}, and this agent knows up to {newest}: a newer agent has used it",
                "install that newer mcp-agent again, or restore the backup that was made before the upgrade");
        }
        return current;
    }

    public static void Migrate(SqliteConnection connection, string path, IReadOnlyList<Migration> migrations)
    {
        var current = RequireKnown(connection, path, migrations);
        foreach (var migration in migrations.Where(m => m.Version > current))
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            // Another process may have been quicker between the look above and this lock.
            if (VersionOf(connection) < migration.Version)
            {
                migration.Apply(connection);
                connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {migration.Version}"));
            }
            transaction.Commit();
        }
    }
}
