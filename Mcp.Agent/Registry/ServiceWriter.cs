using Dapper;
using Mcp.Core.Definitions;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Registry;

/// <summary>A service as rows.</summary>
internal static class ServiceWriter
{
    public static void Write(SqliteConnection connection, SqliteTransaction transaction, StoredService service)
    {
        var definition = service.Definition;
        if (!definition.Components.SequenceEqual(service.Components.Select(c => c.Definition)))
            throw new ArgumentException($"the components of {definition.Name} are not those of its definition", nameof(service));

        // An update, not delete and insert: later tables (releases, audit) refer to this row and must keep theirs.
        connection.Execute(
            """
            INSERT INTO services (name, node, active, path, version, deployed_at, deployed_by)
            VALUES (@Name, @Node, @Active, @Path, @Version, @deployedAt, @DeployedBy)
            ON CONFLICT (name) DO UPDATE SET node = excluded.node, active = excluded.active, path = excluded.path, version = excluded.version,
                deployed_at = excluded.deployed_at, deployed_by = excluded.deployed_by
            """,
            new { definition.Name, definition.Node, definition.Active, definition.Path, definition.Version, deployedAt = StoredText.Time(service.DeployedAt), service.DeployedBy },
            transaction);
        connection.Execute("DELETE FROM build_images WHERE service = @Name", new { definition.Name }, transaction);
        connection.Execute("DELETE FROM build_arguments WHERE service = @Name", new { definition.Name }, transaction);
        connection.Execute("DELETE FROM components WHERE service = @Name", new { definition.Name }, transaction);
        connection.Execute(
            "INSERT INTO build_images (service, name, dockerfile) VALUES (@service, @name, @dockerfile)",
            definition.BuildImages.Select(i => new { service = definition.Name, name = i.Key, dockerfile = i.Value }),
            transaction);
        connection.Execute(
            "INSERT INTO build_arguments (service, name, value) VALUES (@service, @name, @value)",
            definition.BuildArguments.Select(a => new { service = definition.Name, name = a.Key, value = a.Value }),
            transaction);
        for (var i = 0; i < service.Components.Count; i++)
            WriteComponent(connection, transaction, definition.Name, i, service.Components[i]);
    }

    /// <summary>A port of another service is a refusal with a name, not a broken constraint.</summary>
    public static void RefuseForeignPorts(SqliteConnection connection, SqliteTransaction transaction, StoredService service)
    {
        var mine = service.Components.SelectMany(c => c.HostPorts).Select(p => p.HostPort).ToHashSet();
        if (mine.Count == 0)
            return;
        var taken = ServiceReader.ReadClaims(connection, transaction)
            .FirstOrDefault(c => c.Route is not null && c.Service != service.Definition.Name && mine.Contains(c.HostPort));
        if (taken is not null)
        {
            throw new AgentException(AgentError.PortTaken, $"host port {taken.HostPort} belongs to {taken}",
                $"deploy {service.Definition.Name} again, and it gets another one");
        }
    }

    private static void WriteComponent(SqliteConnection connection, SqliteTransaction transaction, string service, int position, StoredComponent stored)
    {
        var definition = stored.Definition;
        var component = definition.Name;
        if (stored.HostPorts.FirstOrDefault(p => definition.Routes.All(r => r.Name != p.RouteName)) is { } stray)
            throw new ArgumentException($"host port {stray.HostPort} is for route \"{stray.RouteName}\", which {service}/{component} does not have", nameof(stored));

        connection.Execute(
            """
            INSERT INTO components (service, name, position, image, version, network, user, restart, desired, observed, observed_at, container_id, image_id, digest, kind, strategy, drain, stop_timeout, timeout)
            VALUES (@service, @Name, @position, @Image, @version, @Network, @User, @Restart, @desired, @observed, @observedAt, @ContainerId, @imageId, @digest, @kind, @strategy, @drain, @stopTimeout, @timeout)
            """,
            new
            {
                service,
                definition.Name,
                position,
                definition.Image,
                version = ImageReference.TryParse(definition.Image)?.Version ?? "",
                definition.Network,
                definition.User,
                definition.Restart,
                desired = StoredText.Name(stored.Desired),
                observed = StoredText.Name(stored.Observed),
                observedAt = stored.ObservedAt is { } at ? StoredText.Time(at) : null,
                stored.ContainerId,
                imageId = stored.Image?.Id,
                digest = stored.Image?.Digest,
                kind = StoredText.Name(definition.Kind),
                strategy = StoredText.Name(definition.Strategy),
                drain = StoredText.Span(definition.Drain),
                stopTimeout = StoredText.Span(definition.StopTimeout),
                timeout = StoredText.Span(definition.Timeout),
            },
            transaction);
        connection.Execute(
            "INSERT INTO depends_on (service, component, position, value) VALUES (@service, @component, @position, @value)",
            definition.DependsOn.Select((value, i) => new { service, component, position = i, value }),
            transaction);
        connection.Execute(
            """
            INSERT INTO component_ports (service, component, position, host_ip, host_port, container_port, protocol)
            VALUES (@service, @component, @position, @HostIp, @HostPort, @ContainerPort, @Protocol)
            """,
            definition.Ports.Select((p, i) => new { service, component, position = i, p.HostIp, p.HostPort, p.ContainerPort, p.Protocol }),
            transaction);
        connection.Execute(
            """
            INSERT INTO volumes (service, component, position, source, target, read_only, options)
            VALUES (@service, @component, @position, @Source, @Target, @ReadOnly, @Options)
            """,
            definition.Volumes.Select((v, i) => new { service, component, position = i, v.Source, v.Target, v.ReadOnly, v.Options }),
            transaction);
        connection.Execute(
            "INSERT INTO cmd (service, component, position, value) VALUES (@service, @component, @position, @value)",
            definition.Command.Select((value, i) => new { service, component, position = i, value }),
            transaction);
        connection.Execute(
            "INSERT INTO env (service, component, position, value) VALUES (@service, @component, @position, @value)",
            definition.Environment.Select((value, i) => new { service, component, position = i, value }),
            transaction);
        if (definition.Health is { } health)
            HealthRows.Write(connection, transaction, service, component, health);
        connection.Execute(
            """
            INSERT INTO routes (service, component, name, position, port, mode, hostname, host_port)
            VALUES (@service, @component, @Name, @position, @Port, @mode, @Hostname, @hostPort)
            """,
            definition.Routes.Select((r, i) => new
            {
                service,
                component,
                r.Name,
                position = i,
                r.Port,
                mode = StoredText.Name(r.Mode),
                r.Hostname,
                hostPort = stored.HostPort(r.Name),
            }),
            transaction);
    }
}
