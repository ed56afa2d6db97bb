using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Registry;

/// <summary>Each entry of the audit has the SHA-256 of its texts and of the entry before it, so that one that was changed or removed shows.
/// Who can write the file can compute all of them again: what shows that is a hash that was noted elsewhere.</summary>
internal static class AuditChain
{
    /// <summary>What an entry's hash is made of, in this order.</summary>
    public const string Columns = "at, actor, role, peer, action, service, component, operation, outcome, message";

    private const int ColumnCount = 10;

    /// <param name="before">The hash of the entry before it; empty: it is the first.</param>
    public static string Next(string before, long id, params ReadOnlySpan<string> texts)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            json.WriteStringValue(before);
            json.WriteNumberValue(id);
            foreach (var text in texts)
                json.WriteStringValue(text);
            json.WriteEndArray();
        }
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    /// <summary>The number and hash of the last entry that there was.</summary>
    public static (long Id, string Hash) Tip(SqliteConnection connection) => (
        connection.Number("SELECT seq FROM sqlite_sequence WHERE name = 'audit'"),
        connection.Text("SELECT hash FROM audit ORDER BY id DESC LIMIT 1") ?? Pruned(connection).Hash);

    /// <summary>The last entry that was removed because of its age.</summary>
    public static (long Id, string Hash) Pruned(SqliteConnection connection) =>
        connection.Query("SELECT last_id, hash FROM audit_pruned", row => (row.GetInt64(0), row.GetString(1)))[0];

    /// <returns>An entry's number and stored hash, and the one that it should have.</returns>
    public static (long Id, string At, string Stored, string Computed) Check(SqliteDataReader row, string before)
    {
        var texts = new string[ColumnCount];
        for (var i = 0; i < ColumnCount; i++)
            texts[i] = row.GetString(i + 2);
        return (row.GetInt64(0), texts[0], row.GetString(1), Next(before, row.GetInt64(0), texts));
    }

    /// <summary>Schema 8. Entries of before get their hashes.</summary>
    public static void Apply(SqliteConnection connection)
    {
        connection.Execute(
            """
            DROP TRIGGER audit_keeps_rows;
            DROP TRIGGER audit_keeps_text;
            ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT '';
            CREATE TABLE audit_pruned (last_id INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
            INSERT INTO audit_pruned VALUES (0, '');
            """);
        var before = "";
        for (long after = 0; ;)
        {
            var rows = connection.Query(
                $"SELECT id, hash, {Columns} FROM audit WHERE id > @after ORDER BY id LIMIT 500",
                row =>
                {
                    var (id, _, _, computed) = Check(row, before);
                    before = computed;
                    return (Id: id, Hash: computed);
                }, ("after", after));
            if (rows.Count == 0)
                break;
            foreach (var (id, hash) in rows)
                connection.Execute("UPDATE audit SET hash = @hash WHERE id = @id", ("id", id), ("hash", hash));
            after = rows[^1].Id;
        }
        connection.Execute(
            """
            CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit WHEN old.id > (SELECT last_id FROM audit_pruned)
                BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
            CREATE TRIGGER audit_keeps_text BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
            """);
    }
}
