using Mcp.Core.Definitions;
using Mcp.Core.Status;

namespace Mcp.Agent.Registry;

/// <summary>The services of this node in the registry database. What operations change goes through their journal, in one transaction with
/// it.</summary>
internal sealed class ServiceStore(RegistryDatabase database)
{
    public IReadOnlyList<string> KnownServices =>
        database.Read(connection => connection.Query("SELECT name FROM services ORDER BY name", row => row.GetString(0)));

    public StoredService? Find(string service) => Read(service).SingleOrDefault();

    /// <summary>By name.</summary>
    public IReadOnlyList<StoredService> List() => Read(null);

    /// <summary>Every host port that is given away, whether its container runs or not. The fixed ports of a definition that can't be read
    /// are not known.</summary>
    public IReadOnlyList<PortClaim> PortClaims() => database.Read(connection =>
    {
        using var view = connection.BeginTransaction(deferred: true);
        return ServiceRows.PortClaims(connection);
    });

    /// <exception cref="AgentException">Another service has the hostname and port of a route.</exception>
    public void RefuseRoutesOfOthers(string service, IReadOnlyList<ComponentDefinition> components) => database.Read(connection =>
    {
        using var view = connection.BeginTransaction(deferred: true);
        ServiceRows.RefuseRoutesOfOthers(connection, service, components);
        return 0;
    });

    /// <summary>Stores the whole service; what it had before is replaced.</summary>
    public void Save(StoredService service) => database.Write(connection => ServiceRows.Save(connection, service));

    /// <summary>Tasks keep their desired state, whatever happens to the rest.</summary>
    /// <param name="component">null: all of them.</param>
    public void SetDesired(string service, string? component, DesiredState desired) =>
        database.Write(connection => ServiceRows.SetDesired(connection, service, component, desired));

    /// <param name="component">null: the whole service.</param>
    /// <returns>False when it wasn't there.</returns>
    public bool Remove(string service, string? component = null) =>
        database.Write(connection => ServiceRows.Remove(connection, service, component));

    /// <returns>False when the component is not there (any more).</returns>
    public bool SetObserved(string service, string component, ObservedState observed, string? containerId, DateTimeOffset at) =>
        database.Write(connection => connection.Execute(
            """
            UPDATE components SET observed = @observed, container_id = @container, observed_at = @at
            WHERE service = @service AND name = @component
            """,
            ("service", service), ("component", component), ("observed", StoredText.Name(observed)), ("container", containerId),
            ("at", StoredText.Time(at)))) > 0;

    /// <summary>The engine can't be asked: nothing is known of any component.</summary>
    public void SetAllUnknown(DateTimeOffset at) => database.Write(connection => connection.Execute(
        "UPDATE components SET observed = @unknown, observed_at = @at WHERE observed <> @unknown",
        ("unknown", StoredText.Name(ObservedState.Unknown)), ("at", StoredText.Time(at))));

    // One view over all tables, though others write meanwhile.
    private IReadOnlyList<StoredService> Read(string? service) => database.Read(connection =>
    {
        using var view = connection.BeginTransaction(deferred: true);
        return ServiceRows.Read(connection, service);
    });
}
