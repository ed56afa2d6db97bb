using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Status;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Registry;

/// <summary>Services in the registry database: the definition as one text, beside it what belongs to this node (states, images, host
/// ports). The writing methods are parts of a transaction.</summary>
internal static class ServiceRows
{
    /// <param name="service">null: all, by name.</param>
    public static IReadOnlyList<StoredService> Read(SqliteConnection connection, string? service)
    {
        var ports = connection.Query(
            "SELECT service, component, name, host_port FROM component_routes WHERE @service IS NULL OR service = @service",
            row => (Key: (row.GetString(0), row.GetString(1)), Port: new RoutePort(row.GetString(2), row.GetInt32(3))),
            ("service", service)).ToLookup(r => r.Key, r => r.Port);
        var components = connection.Query(
            """
            SELECT service, name, desired, observed, observed_at, container_id, image_id, digest
            FROM components WHERE @service IS NULL OR service = @service ORDER BY service, position
            """,
            row => (Service: row.GetString(0), Name: row.GetString(1), Make: Component(row, ports[(row.GetString(0), row.GetString(1))])),
            ("service", service)).ToLookup(c => c.Service);
        return connection.Query(
            "SELECT name, definition, deployed_at, deployed_by FROM services WHERE @service IS NULL OR name = @service ORDER BY name",
            row =>
            {
                var name = row.GetString(0);
                var definition = StoredDefinition.Read(row.GetString(1), out var problem);
                var made = components[name].Select(c => c.Make(
                    definition?.Components.FirstOrDefault(d => d.Name == c.Name) ?? new() { Name = c.Name, Image = "" })).ToValueList();
                return new StoredService
                {
                    Definition = definition ?? new() { Name = name, Components = made.Select(c => c.Definition).ToValueList() },
                    Problem = problem,
                    DeployedAt = StoredText.Time(row.GetString(2)),
                    DeployedBy = row.GetString(3),
                    Components = made,
                };
            },
            ("service", service));
    }

    /// <summary>Stores the whole service; what it had before is replaced.</summary>
    public static void Save(SqliteConnection connection, StoredService service)
    {
        var definition = service.Definition;
        if (!definition.Components.SequenceEqual(service.Components.Select(c => c.Definition)))
            throw new ArgumentException($"the components of {definition.Name} are not those of its definition", nameof(service));
        RefusePortsOfOthers(connection, service);
        RefuseRoutesOfOthers(connection, definition.Name, definition.Components);
        connection.Execute(
            """
            INSERT INTO services (name, definition, deployed_at, deployed_by) VALUES (@name, @definition, @at, @by)
            ON CONFLICT (name) DO UPDATE SET
                definition = excluded.definition, deployed_at = excluded.deployed_at, deployed_by = excluded.deployed_by
            """,
            ("name", definition.Name), ("definition", StoredDefinition.Write(definition)), ("at", StoredText.Time(service.DeployedAt)),
            ("by", service.DeployedBy));
        connection.Execute("DELETE FROM components WHERE service = @service", ("service", definition.Name));
        for (var i = 0; i < service.Components.Count; i++)
            Insert(connection, definition.Name, i, service.Components[i]);
    }

    /// <summary>Tasks keep their desired state, whatever happens to the rest.</summary>
    /// <param name="component">null: all of them.</param>
    public static void SetDesired(SqliteConnection connection, string service, string? component, DesiredState desired)
    {
        var concerned = Read(connection, service).SelectMany(s => s.Components)
            .Where(c => component is null || c.Definition.Name == component).ToList();
        if (concerned.Count == 0)
            throw NotFound(service, component);
        foreach (var item in concerned.Where(c => c.Definition.Kind != ComponentKind.Task && c.Desired != DesiredState.Completed))
            connection.Execute(
                "UPDATE components SET desired = @desired WHERE service = @service AND name = @name",
                ("service", service), ("name", item.Definition.Name), ("desired", StoredText.Name(desired)));
    }

    /// <param name="component">null: the whole service. Its last component takes the service along.</param>
    /// <returns>False when it wasn't there.</returns>
    public static bool Remove(SqliteConnection connection, string service, string? component)
    {
        if (component is null)
            return connection.Execute("DELETE FROM services WHERE name = @service", ("service", service)) > 0;
        if (Read(connection, service) is not [var stored] || stored.Component(component) is null)
            return false;
        if (stored.Components.Count == 1)
            return Remove(connection, service, null);
        connection.Execute("DELETE FROM components WHERE service = @service AND name = @component", ("service", service),
            ("component", component));
        var definition = stored.Readable().Definition;
        definition = definition with { Components = definition.Components.Where(c => c.Name != component).ToValueList() };
        connection.Execute("UPDATE services SET definition = @definition WHERE name = @service", ("service", service),
            ("definition", StoredDefinition.Write(definition)));
        return true;
    }

    /// <summary>Host ports of routes, and the fixed ones of definitions that can be read.</summary>
    public static IReadOnlyList<PortClaim> PortClaims(SqliteConnection connection) =>
        [.. from service in Read(connection, null)
            from component in service.Components
            let name = component.Definition.Name
            from claim in component.HostPorts.Select(p =>
                new PortClaim(service.Definition.Name, name, p.RouteName, "127.0.0.1", p.HostPort, "tcp"))
                .Concat(component.Definition.Ports.Select(p =>
                    new PortClaim(service.Definition.Name, name, null, p.HostIp, p.HostPort, p.Protocol)))
            select claim];

    /// <summary>The ingress picks a route by port and hostname, whatever its mode: two services with both alike can't be told apart.
    /// Routes without a hostname have their service's own.</summary>
    /// <exception cref="AgentException">Another service has the hostname and port of a route.</exception>
    public static void RefuseRoutesOfOthers(SqliteConnection connection, string service, IReadOnlyList<ComponentDefinition> components)
    {
        var routes = Routes(components).ToList();
        if (routes.Count == 0)
            return;
        var taken = (from other in Read(connection, null)
                     where other.Definition.Name != service
                     from held in Routes(other.Definition.Components)
                     join own in routes on Address(held.Route) equals Address(own.Route)
                     select (Own: own, Held: held, Service: other.Definition.Name)).ToList();
        if (taken is not [var (wanted, holder, name), ..])
            return;
        var route = new PortClaim(name, holder.Component, holder.Route.Name, null, 0, "tcp");
        throw new AgentException(
            AgentError.PortTaken,
                $"{service}/{wanted.Component} can't have port {wanted.Route.Port} of {wanted.Route.Hostname}: {route} has it",
            $"give the route of {service}/{wanted.Component} another port or hostname, or undeploy {name}");

        static IEnumerable<(string Component, RouteDefinition Route)> Routes(IEnumerable<ComponentDefinition> components) =>
            components.SelectMany(c => c.Routes.Where(r => r.Hostname is not null), (c, r) => (c.Name, r));

        static (int, string) Address(RouteDefinition route) => (route.Port, route.Hostname!.ToLowerInvariant());
    }

    private static Func<ComponentDefinition, StoredComponent> Component(SqliteDataReader row, IEnumerable<RoutePort> ports)
    {
        var (desired, observed, at) = (StoredText.Value<DesiredState>(row.GetString(2)), StoredText.Value<ObservedState>(row.GetString(3)),
            row.TextOrNull(4));
        var (container, imageId, digest) = (row.TextOrNull(5), row.TextOrNull(6), row.TextOrNull(7));
        return definition => new()
        {
            Definition = definition,
            Desired = desired,
            Observed = observed,
            ObservedAt = at is null ? null : StoredText.Time(at),
            ContainerId = container,
            Image = imageId is null ? null : new(definition.Image, imageId, digest ?? imageId),
            // In the order of the definition's routes.
            HostPorts = ports.OrderBy(p => definition.Routes.TakeWhile(r => r.Name != p.RouteName).Count()).ToValueList(),
        };
    }

    private static void Insert(SqliteConnection connection, string service, int position, StoredComponent stored)
    {
        var component = stored.Definition.Name;
        if (stored.HostPorts.FirstOrDefault(p => stored.Definition.Routes.All(r => r.Name != p.RouteName)) is { } foreign)
            throw new ArgumentException(
                $"host port {foreign.HostPort} is for route \"{foreign.RouteName}\", which {service}/{component} does not have",
                    nameof(stored));
        connection.Execute(
            """
            INSERT INTO components (service, name, position, desired, observed, observed_at, container_id, image_id, digest)
            VALUES (@service, @name, @position, @desired, @observed, @at, @container, @image, @digest)
            """,
            ("service", service), ("name", component), ("position", position), ("desired", StoredText.Name(stored.Desired)),
            ("observed", StoredText.Name(stored.Observed)),
            ("at", stored.ObservedAt is { } at ? StoredText.Time(at) : null), ("container", stored.ContainerId),
            ("image", stored.Image?.Id), ("digest", stored.Image?.Digest));
        foreach (var port in stored.HostPorts)
            connection.Execute(
                "INSERT INTO component_routes (service, component, name, host_port) VALUES (@service, @component, @name, @port)",
                ("service", service), ("component", component), ("name", port.RouteName), ("port", port.HostPort));
    }

    /// <summary>A port of another service is a refusal with a name, not a broken constraint.</summary>
    private static void RefusePortsOfOthers(SqliteConnection connection, StoredService service)
    {
        var own = service.Components.SelectMany(c => c.HostPorts).Select(p => p.HostPort).ToHashSet();
        if (own.Count == 0)
            return;
        if (PortClaims(connection).FirstOrDefault(c => c.Route is not null && c.Service != service.Definition.Name
            && own.Contains(c.HostPort)) is { } taken)
        {
            throw new AgentException(AgentError.PortTaken, $"host port {taken.HostPort} belongs to {taken}",
                $"deploy {service.Definition.Name} again, and it gets another one");
        }
    }

    private static AgentException NotFound(string service, string? component) => component is null
        ? new(AgentError.NotFound, $"there is no service {service} with components on this node",
            "`mcp ps` lists what is there; `mcp deploy` brings it")
        : new(AgentError.NotFound, $"there is no component {service}/{component} on this node",
            "`mcp ps` lists what is there; `mcp deploy` brings it");
}
