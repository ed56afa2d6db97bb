using System.Globalization;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Registry;

/// <summary>Schema 6: a service is one text, not rows of a dozen tables, and a step of the journal one JSON text. What is here reads
/// schema 5 and changes no more.</summary>
internal static class DefinitionsAsText
{
    public static void Apply(SqliteConnection connection)
    {
        connection.Execute("ALTER TABLE services ADD COLUMN definition TEXT NOT NULL DEFAULT ''");
        foreach (var definition in Definitions(connection))
            connection.Execute("UPDATE services SET definition = @text WHERE name = @name", ("name", definition.Name),
                ("text", DefinitionWriter.Write(definition)));
        var steps = Steps(connection);
        connection.Execute(
            """
            CREATE TABLE component_routes (
                service TEXT NOT NULL,
                component TEXT NOT NULL,
                name TEXT NOT NULL,
                host_port INTEGER NOT NULL UNIQUE,
                PRIMARY KEY (service, component, name),
                FOREIGN KEY (service, component) REFERENCES components (service, name) ON DELETE CASCADE
            ) STRICT;
            INSERT INTO component_routes SELECT service, component, name, host_port FROM routes WHERE host_port IS NOT NULL;

            DROP TABLE routes;
            DROP TABLE health_exec;
            DROP TABLE health;
            DROP TABLE depends_on;
            DROP TABLE env;
            DROP TABLE cmd;
            DROP TABLE volumes;
            DROP TABLE component_ports;
            DROP TABLE build_arguments;
            DROP TABLE build_images;

            ALTER TABLE components DROP COLUMN image;
            ALTER TABLE components DROP COLUMN version;
            ALTER TABLE components DROP COLUMN network;
            ALTER TABLE components DROP COLUMN user;
            ALTER TABLE components DROP COLUMN restart;
            ALTER TABLE components DROP COLUMN kind;
            ALTER TABLE components DROP COLUMN strategy;
            ALTER TABLE components DROP COLUMN drain;
            ALTER TABLE components DROP COLUMN stop_timeout;
            ALTER TABLE components DROP COLUMN timeout;

            ALTER TABLE services DROP COLUMN node;
            ALTER TABLE services DROP COLUMN active;
            ALTER TABLE services DROP COLUMN path;
            ALTER TABLE services DROP COLUMN version;

            -- Nothing decides on it: an operation without an end has its service.
            ALTER TABLE operations DROP COLUMN expires_at;

            DROP TABLE operation_steps;
            CREATE TABLE operation_steps (
                operation TEXT NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
                position INTEGER NOT NULL,
                step TEXT NOT NULL,
                state TEXT NOT NULL,
                PRIMARY KEY (operation, position)
            ) STRICT;
            """);
        foreach (var (operation, step, state) in steps)
            connection.Execute(
                "INSERT INTO operation_steps (operation, position, step, state) VALUES (@operation, @position, @step, @state)",
                ("operation", operation), ("position", step.Index), ("step", StepJson.Write(step)), ("state", state));
    }

    private static List<ServiceDefinition> Definitions(SqliteConnection connection)
    {
        var images = connection.Query("SELECT service, name, dockerfile FROM build_images", Pair).ToLookup(p => p.Service, p => p.Entry);
        var arguments = connection.Query("SELECT service, name, value FROM build_arguments", Pair).ToLookup(p => p.Service, p => p.Entry);
        var components = Components(connection);
        return connection.Query("SELECT name, node, active, path, version FROM services", row => new ServiceDefinition
        {
            Name = row.GetString(0),
            Node = row.TextOrNull(1),
            Active = row.GetBoolean(2),
            Path = row.TextOrNull(3),
            Version = row.TextOrNull(4),
            BuildImages = new(images[row.GetString(0)]),
            BuildArguments = new(arguments[row.GetString(0)]),
            Components = components[row.GetString(0)].ToValueList(),
        });

        static (string Service, KeyValuePair<string, string> Entry) Pair(SqliteDataReader row) =>
            (row.GetString(0), KeyValuePair.Create(row.GetString(1), row.GetString(2)));
    }

    private static ILookup<string, ComponentDefinition> Components(SqliteConnection connection)
    {
        var ports = Rows("component_ports", "host_ip, host_port, container_port, protocol", row =>
            new PortMapping(row.TextOrNull(2), row.GetInt32(3), row.GetInt32(4), row.GetString(5)));
        var volumes = Rows("volumes", "source, target, read_only, options", row =>
            // The text form says read-only by its options.
            new VolumeMount(row.GetString(2), row.GetString(3), row.GetBoolean(4), row.TextOrNull(5) ?? (row.GetBoolean(4) ? "ro" : null)));
        var (commands, environments, dependencies, healthCommands) = (Values("cmd"), Values("env"), Values("depends_on"),
            Values("health_exec"));
        var routes = Rows("routes", "name, port, mode, hostname", row => new RouteDefinition
        {
            Name = row.GetString(2),
            Port = row.GetInt32(3),
            Mode = row.GetString(4) == "l7" ? RouteMode.L7 : RouteMode.L4,
            Hostname = row.TextOrNull(5),
        });
        var health = Rows(
            "health", "http, status, host, tcp, image, route, port, interval_ms, timeout_ms, retries, start_period_ms, stay_up_ms",
            row => new HealthDefinition
            {
                Http = row.TextOrNull(2),
                Status = row.NumberOrNull(3),
                Host = row.TextOrNull(4),
                Tcp = row.GetBoolean(5),
                Exec = healthCommands[(row.GetString(0), row.GetString(1))].ToValueList(),
                Image = row.IsDBNull(6) ? null : row.GetBoolean(6),
                Route = row.TextOrNull(7),
                Port = row.NumberOrNull(8),
                Interval = Span(row, 9),
                Timeout = Span(row, 10),
                Retries = row.NumberOrNull(11),
                StartPeriod = Span(row, 12),
                StayUp = Span(row, 13),
            },
            order: "component");
        return connection.Query(
            """
            SELECT service, name, image, network, user, restart, kind, strategy, drain, stop_timeout, timeout
            FROM components ORDER BY service, position
            """,
            row =>
            {
                var key = (Service: row.GetString(0), Component: row.GetString(1));
                return (key.Service, Definition: new ComponentDefinition
                {
                    Name = key.Component,
                    Image = row.GetString(2),
                    Network = row.TextOrNull(3),
                    User = row.TextOrNull(4),
                    Restart = row.TextOrNull(5),
                    Kind = row.GetString(6) == "task" ? ComponentKind.Task : ComponentKind.Server,
                    Strategy = StoredText.Value<DeployStrategy>(row.GetString(7)),
                    Drain = Span(row, 8),
                    StopTimeout = Span(row, 9),
                    Timeout = Span(row, 10),
                    Ports = ports[key].ToValueList(),
                    Volumes = volumes[key].ToValueList(),
                    Command = commands[key].ToValueList(),
                    Environment = environments[key].ToValueList(),
                    DependsOn = dependencies[key].ToValueList(),
                    Routes = routes[key].ToValueList(),
                    Health = health[key].SingleOrDefault(),
                });
            }).ToLookup(c => c.Service, c => c.Definition);

        ILookup<(string, string), T> Rows<T>(string table, string columns, Func<SqliteDataReader, T> read, string order = "position") =>
            connection.Query(
                $"SELECT service, component, {columns} FROM {table} ORDER BY service, {order}",
                row => (Key: (row.GetString(0), row.GetString(1)), Value: read(row))).ToLookup(r => r.Key, r => r.Value);

        ILookup<(string, string), string> Values(string table) => Rows(table, "value", row => row.GetString(2));
    }

    private static List<(string Operation, PlanStep Step, string State)> Steps(SqliteConnection connection) => connection.Query(
        """
        SELECT operation, position, action, component, container, name_from, name_to, time, after, description, state
        FROM operation_steps
        """,
        row => (row.GetString(0), new PlanStep
        {
            Index = row.GetInt32(1),
            Action = StoredText.Value<StepAction>(row.GetString(2)),
            Component = row.GetString(3),
            Container = row.GetString(4),
            Names = row.TextOrNull(5) is { } from && row.TextOrNull(6) is { } to ? (from, to) : null,
            Time = Span(row, 7),
            After = row.GetString(8).Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(i => int.Parse(i, CultureInfo.InvariantCulture)).ToValueList(),
            Description = row.GetString(9),
        }, row.GetString(10)));

    private static TimeSpan? Span(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : TimeSpan.FromMilliseconds(row.GetInt64(column));
}
