using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Mcp.Bench.Rows;

/// <summary>Fills an agent's registry database with what a node of a thousand services has left behind. The agent must not run.</summary>
internal sealed class PastYears(string dataDirectory)
{
    public const int Services = 1000;
    public const int Releases = 20;
    public const int Events = 100_000;
    public const int Audit = 1_000_000;

    /// <summary>The newest of what is written.</summary>
    public static readonly DateTimeOffset End = DateTimeOffset.UtcNow - TimeSpan.FromMinutes(5);

    private static readonly string[] EventKinds =
        ["state", "deployed", "drift", "restarted", "state", "drift-ended", "state", "deploy-failed"];

    public static string ServiceName(int number) => string.Create(CultureInfo.InvariantCulture, $"service-{number:000}");

    /// <summary>A part of everything, from one share to another.</summary>
    /// <returns>Bytes of the database for each row.</returns>
    public double Write(double from, double to)
    {
        var file = Directory.GetFiles(dataDirectory, "*.db").Single();
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using (var transaction = connection.BeginTransaction())
        {
            WriteReleases(connection, (int)(Releases * from), (int)(Releases * to));
            WriteEvents(connection, (int)(Events * from), (int)(Events * to));
            WriteAudit(connection, (int)(Audit * from), (int)(Audit * to));
            transaction.Commit();
        }
        using var checkpoint = Command(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        checkpoint.ExecuteNonQuery();
        return new FileInfo(file).Length / (((Services * Releases) + Events + Audit) * to);
    }

    private static void WriteReleases(SqliteConnection connection, int first, int end)
    {
        using var release = Command(connection,
            """
            INSERT INTO releases (service, number, operation, kind, actor, definition, started_at, ended_at, outcome)
            VALUES (@service, @number, @operation, 'deploy', 'bench', @definition, @at, @at, 'succeeded')
            """, "service", "number", "operation", "definition", "at");
        using var image = Command(connection,
            """
            INSERT INTO release_images (service, number, component, reference, image_id, digest)
            VALUES (@service, @number, 'web', @reference, @id, @id)
            """, "service", "number", "reference", "id");
        for (var number = first; number < end; number++)
            for (var service = 0; service < Services; service++)
            {
                var name = ServiceName(service);
                var at = At((number * Services) + service, Releases * Services);
                Run(release, name, number + 1, Operation(number, service), Definition(name, number), at);
                Run(image, name, number + 1, $"registry.example.com/{name}:v{number}", "sha256:" + new string('a', 64));
            }
    }

    private static void WriteEvents(SqliteConnection connection, int first, int end)
    {
        using var command = Command(connection,
            """
            INSERT INTO events (at, service, component, kind, from_state, to_state, message, actor)
            VALUES (@at, @service, 'web', @kind, 'exited', 'running', 'exited -> running', '')
            """, "at", "service", "kind");
        for (var i = first; i < end; i++)
            Run(command, At(i, Events), ServiceName(i * 7 % Services), EventKinds[i % EventKinds.Length]);
    }

    private static void WriteAudit(SqliteConnection connection, int first, int end)
    {
        using var command = Command(connection,
            """
            INSERT INTO audit (at, actor, role, peer, action, service, component, operation, outcome, message)
            VALUES (@at, 'bench', 'operator', '192.0.2.10', 'deploy', @service, '', @operation, 'succeeded', '')
            """, "at", "service", "operation");
        for (var i = first; i < end; i++)
            Run(command, At(i, Audit), ServiceName(i * 7 % Services), Operation(i, i));
    }

    private static string Operation(int a, int b) => string.Create(CultureInfo.InvariantCulture, $"{a:x8}{b:x8}{a ^ b:x16}");

    private static string Definition(string service, int number) => string.Create(CultureInfo.InvariantCulture, $"""
        name = "{service}"

        [[components]]
        name = "web"
        image = "registry.example.com/{service}:v{number}"
        env = ["NUMBER={number}"]

        """);

    /// <summary>Evenly over the last 80 days, which is less than events are kept, and as the agent writes times.</summary>
    private static string At(int index, int count) => (End - ((count - 1 - index) * (TimeSpan.FromDays(80) / count)))
        .UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    private static SqliteCommand Command(SqliteConnection connection, string sql, params string[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = "@" + name });
        return command;
    }

    private static void Run(SqliteCommand command, params object[] values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }
}
