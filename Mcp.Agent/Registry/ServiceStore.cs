using Dapper;
using Mcp.Core.Status;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Registry;

/// <summary>The services of this node in the registry database.</summary>
internal sealed class ServiceStore(RegistryDatabase database)
{
    public IReadOnlyList<string> KnownServices =>
        database.Read(connection => connection.Query<string>("SELECT name FROM services ORDER BY name").AsList());

    public StoredService? Find(string service) => database.Read(connection => ServiceReader.Read(connection, service)).SingleOrDefault();

    /// <summary>By name.</summary>
    public IReadOnlyList<StoredService> List() => database.Read(connection => ServiceReader.Read(connection, service: null));

    /// <summary>Stores the whole service; what it had before is replaced.</summary>
    /// <param name="also">More for the same transaction.</param>
    public void Save(StoredService service, Action<SqliteConnection, SqliteTransaction>? also = null) => database.Write((connection, transaction) =>
    {
        ServiceWriter.RefuseForeignPorts(connection, transaction, service);
        ServiceWriter.Write(connection, transaction, service);
        also?.Invoke(connection, transaction);
    });

    /// <summary>Tasks stay wanted completed, whatever happens to the rest.</summary>
    /// <param name="component">null: all of them.</param>
    /// <param name="also">More for the same transaction.</param>
    public void SetDesired(string service, string? component, DesiredState desired, Action<SqliteConnection, SqliteTransaction>? also = null)
    {
        var changed = database.Write((connection, transaction) =>
        {
            also?.Invoke(connection, transaction);
            return connection.Execute(
                "UPDATE components SET desired = CASE kind WHEN 'task' THEN desired ELSE @desired END WHERE service = @service AND (@component IS NULL OR name = @component)",
                new { service, component, desired = StoredText.Name(desired) },
                transaction);
        });
        if (changed == 0)
            throw NotFound(service, component);
    }

    /// <summary>False when the component is not there (any more).</summary>
    public bool SetObserved(string service, string component, ObservedState observed, string? containerId, DateTimeOffset at) =>
        database.Write((connection, transaction) => connection.Execute(
            "UPDATE components SET observed = @observed, container_id = @containerId, observed_at = @at WHERE service = @service AND name = @component",
            new { service, component, observed = StoredText.Name(observed), containerId, at = StoredText.Time(at) },
            transaction)) > 0;

    /// <summary>The engine can't be asked: nothing is known of any component.</summary>
    public void SetAllUnknown(DateTimeOffset at) => database.Write((connection, transaction) => connection.Execute(
        "UPDATE components SET observed = @unknown, observed_at = @at WHERE observed <> @unknown",
        new { unknown = StoredText.Name(ObservedState.Unknown), at = StoredText.Time(at) },
        transaction));

    /// <summary>False when it wasn't there.</summary>
    /// <param name="also">More for the same transaction.</param>
    public bool Delete(string service, Action<SqliteConnection, SqliteTransaction>? also = null) => database.Write((connection, transaction) =>
    {
        also?.Invoke(connection, transaction);
        return connection.Execute("DELETE FROM services WHERE name = @service", new { service }, transaction);
    }) > 0;

    /// <summary>Takes one component out of the service. False when it wasn't there. The service stays, even without components.</summary>
    /// <param name="also">More for the same transaction.</param>
    public bool DeleteComponent(string service, string component, Action<SqliteConnection, SqliteTransaction>? also = null) => database.Write((connection, transaction) =>
    {
        also?.Invoke(connection, transaction);
        return connection.Execute("DELETE FROM components WHERE service = @service AND name = @component", new { service, component }, transaction);
    }) > 0;

    /// <summary>Every host port that is given away, whether its container runs or not.</summary>
    public IReadOnlyList<PortClaim> PortClaims() => database.Read(ServiceReader.ReadClaims);

    private static AgentException NotFound(string service, string? component) => component is null
        ? new(AgentError.NotFound, $"there is no service {service} with components on this node", "`mcp ps` lists what is there; `mcp deploy` brings it")
        : new(AgentError.NotFound, $"there is no component {service}/{component} on this node", "`mcp ps` lists what is there; `mcp deploy` brings it");
}
