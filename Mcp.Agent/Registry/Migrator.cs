using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Registry;

/// <summary>One step of the schema. Released steps never change; what comes later is a new step.</summary>
internal sealed record Migration(int Version, string Sql);

/// <summary>Takes a database from the version in its header (PRAGMA user_version) to the newest, one transaction per step.</summary>
internal static class Migrator
{
    public static void Migrate(SqliteConnection connection, string path, IReadOnlyList<Migration> migrations)
    {
        var newest = migrations[^1].Version;
        var current = connection.ExecuteScalar<int>("PRAGMA user_version");
        if (current > newest)
        {
            throw new AgentException(AgentError.RegistryNewer,
                $"the registry database {path} has schema {current}, and this agent knows up to {newest}: a newer agent has used it",
                "install that newer mcp-agent again, or put back the backup that was made before the upgrade");
        }

        foreach (var migration in migrations.Where(m => m.Version > current))
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            // Another process may have been quicker between the look above and this lock.
            if (connection.ExecuteScalar<int>("PRAGMA user_version", transaction: transaction) < migration.Version)
            {
                connection.Execute(migration.Sql, transaction: transaction);
                connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {migration.Version}"), transaction: transaction);
            }
            transaction.Commit();
        }
    }
}
