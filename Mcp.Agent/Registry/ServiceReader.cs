using Dapper;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Status;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Registry;

/// <summary>Rows as services: one query per table, whether for one service or for all.</summary>
internal static class ServiceReader
{
    /// <param name="service">null: all, by name.</param>
    public static IReadOnlyList<StoredService> Read(SqliteConnection connection, string? service)
    {
        // One view over all tables, though others write meanwhile.
        using var transaction = connection.BeginTransaction(deferred: true);
        var services = connection.Query<ServiceRow>(
            """
            SELECT name AS Name, node AS Node, active AS Active, path AS Path, version AS Version, deployed_at AS DeployedAt, deployed_by AS DeployedBy
            FROM services WHERE @service IS NULL OR name = @service ORDER BY name
            """,
            new { service },
            transaction).AsList();
        var images = Rows<ImageRow>("build_images", "name AS Name, dockerfile AS Dockerfile", "name").ToLookup(r => r.Service);
        var arguments = Rows<ArgumentRow>("build_arguments", "name AS Name, value AS Value", "name").ToLookup(r => r.Service);
        var ports = Rows<PortRow>("component_ports", "component AS Component, host_ip AS HostIp, host_port AS HostPort, container_port AS ContainerPort, protocol AS Protocol")
            .ToLookup(Key, r => new PortMapping(r.HostIp, r.HostPort, r.ContainerPort, r.Protocol));
        var volumes = Rows<VolumeRow>("volumes", "component AS Component, source AS Source, target AS Target, read_only AS ReadOnly, options AS Options")
            .ToLookup(Key, r => new VolumeMount(r.Source, r.Target, r.ReadOnly, r.Options));
        var commands = Rows<ValueRow>("cmd", "component AS Component, value AS Value").ToLookup(Key, r => r.Value);
        var environments = Rows<ValueRow>("env", "component AS Component, value AS Value").ToLookup(Key, r => r.Value);
        var dependencies = Rows<ValueRow>("depends_on", "component AS Component, value AS Value").ToLookup(Key, r => r.Value);
        var commandsOfHealth = Rows<ValueRow>("health_exec", "component AS Component, value AS Value").ToLookup(Key, r => r.Value);
        var health = Rows<HealthRow>("health", HealthRows.Columns, "component").ToDictionary(Key, r => HealthRows.ToDefinition(r, commandsOfHealth[Key(r)]));
        var routes = Rows<RouteRow>("routes", "component AS Component, name AS Name, port AS Port, mode AS Mode, hostname AS Hostname, host_port AS HostPort").ToLookup(Key);
        var components = Rows<ComponentRow>(
                "components",
                "name AS Component, image AS Image, network AS Network, user AS User, restart AS Restart, desired AS Desired, observed AS Observed, observed_at AS ObservedAt, container_id AS ContainerId, image_id AS ImageId, digest AS Digest, kind AS Kind, strategy AS Strategy, drain AS Drain, stop_timeout AS StopTimeout, timeout AS Timeout")
            .Select(row => (row.Service, Stored: Component(row)))
            .ToLookup(c => c.Service, c => c.Stored);
        return [.. services.Select(Service)];

        List<T> Rows<T>(string table, string columns, string order = "position") => connection.Query<T>(
            $"SELECT service AS Service, {columns} FROM {table} WHERE @service IS NULL OR service = @service ORDER BY service, {order}",
            new { service },
            transaction).AsList();

        StoredComponent Component(ComponentRow row) => new()
        {
            Definition = new()
            {
                Name = row.Component,
                Image = row.Image,
                Network = row.Network,
                User = row.User,
                Restart = row.Restart,
                Ports = ports[Key(row)].ToValueList(),
                Volumes = volumes[Key(row)].ToValueList(),
                Command = commands[Key(row)].ToValueList(),
                Environment = environments[Key(row)].ToValueList(),
                Routes = routes[Key(row)].Select(r => new RouteDefinition
                {
                    Name = r.Name,
                    Port = r.Port,
                    Mode = StoredText.Value<RouteMode>(r.Mode),
                    Hostname = r.Hostname,
                }).ToValueList(),
                Health = health.GetValueOrDefault(Key(row)),
                Kind = StoredText.Value<ComponentKind>(row.Kind),
                Strategy = StoredText.Value<DeployStrategy>(row.Strategy),
                Drain = StoredText.Span(row.Drain),
                StopTimeout = StoredText.Span(row.StopTimeout),
                Timeout = StoredText.Span(row.Timeout),
                DependsOn = dependencies[Key(row)].ToValueList(),
            },
            Desired = StoredText.Value<DesiredState>(row.Desired),
            Observed = StoredText.Value<ObservedState>(row.Observed),
            ObservedAt = row.ObservedAt is null ? null : StoredText.Time(row.ObservedAt),
            ContainerId = row.ContainerId,
            Image = row.ImageId is null ? null : new(row.Image, row.ImageId, row.Digest ?? row.ImageId),
            HostPorts = routes[Key(row)].Where(r => r.HostPort is not null).Select(r => new RoutePort(r.Name, r.HostPort!.Value)).ToValueList(),
        };

        StoredService Service(ServiceRow row) => new()
        {
            Definition = new()
            {
                Name = row.Name,
                Node = row.Node,
                Active = row.Active,
                Path = row.Path,
                Version = row.Version,
                BuildImages = new(images[row.Name].Select(i => KeyValuePair.Create(i.Name, i.Dockerfile))),
                BuildArguments = new(arguments[row.Name].Select(a => KeyValuePair.Create(a.Name, a.Value))),
                Components = components[row.Name].Select(c => c.Definition).ToValueList(),
            },
            DeployedAt = StoredText.Time(row.DeployedAt),
            DeployedBy = row.DeployedBy,
            Components = components[row.Name].ToValueList(),
        };
    }

    public static IReadOnlyList<PortClaim> ReadClaims(SqliteConnection connection) => ReadClaims(connection, transaction: null);

    public static IReadOnlyList<PortClaim> ReadClaims(SqliteConnection connection, SqliteTransaction? transaction) => connection.Query<ClaimRow>(
        """
        SELECT service AS Service, component AS Component, name AS Route, '127.0.0.1' AS HostIp, host_port AS HostPort, 'tcp' AS Protocol
        FROM routes WHERE host_port IS NOT NULL
        UNION ALL
        SELECT service, component, NULL, host_ip, host_port, protocol FROM component_ports
        """,
        transaction: transaction).Select(r => new PortClaim(r.Service, r.Component, r.Route, r.HostIp, r.HostPort, r.Protocol)).ToList();

    private static (string Service, string Component) Key(ChildRow row) => (row.Service, row.Component);
}
