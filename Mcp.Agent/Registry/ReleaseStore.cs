using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Registry;

/// <summary>A deploy that begins; how it ends is not known yet.</summary>
internal sealed record NewRelease(
    string Service, int Number, string Operation, OperationKind Kind, int? RollbackOf, string? Component, string Actor,
        ServiceDefinition Definition, DateTimeOffset StartedAt);

/// <summary>A release with the images as the engine knows them, one for each component.</summary>
/// <param name="Problem">Why its definition can't be read; empty when it can. <see cref="Release.Definition"/> has the service's name
/// only, then.</param>
internal sealed record StoredRelease(Release Release, ValueMap ImageIds, string Problem = "");

/// <param name="IsUnused">No release that is kept, of whatever service, has it.</param>
internal sealed record ForgottenImage(int Release, string Reference, string ImageId, bool IsUnused);

/// <summary>The numbered deploys of each service. They stay when the service goes. What operations change goes through their
/// journal.</summary>
internal sealed class ReleaseStore(RegistryDatabase database)
{
    /// <summary>The operation must have its service: two deploys would get the same.</summary>
    public int NextNumber(string service) =>
        (int)database.Read(connection =>
            connection.Number("SELECT coalesce(max(number), 0) + 1 FROM releases WHERE service = @service", ("service", service)));

    /// <summary>Newest first. One whose definition can't be read is listed with the reason.</summary>
    public IReadOnlyList<StoredRelease> List(string service) => database.Read(connection =>
    {
        using var view = connection.BeginTransaction(deferred: true);
        var images = Images(connection, "service = @service ORDER BY component", ("service", service)).ToLookup(i => i.Release);
        var releases = connection.Query(
            """
            SELECT number, operation, kind, rollback_of, component, actor, definition, started_at, ended_at, outcome, message
            FROM releases WHERE service = @service ORDER BY number DESC
            """,
            row => Read(service, row, [.. images[row.GetInt32(0)]]),
            ("service", service));
        var deployed = connection.Number("SELECT count(*) FROM services WHERE name = @service", ("service", service)) > 0;
        if (deployed && releases.FindIndex(r => r.Release.Outcome == ReleaseOutcome.Succeeded) is >= 0 and var current)
            releases[current] = releases[current] with { Release = releases[current].Release with { Current = true } };
        return releases;
    });

    /// <summary>The images that one release brought, each once.</summary>
    public IReadOnlyList<string> ImageIds(string service, int number) => database.Read(connection => connection.Query(
        "SELECT DISTINCT image_id FROM release_images WHERE service = @service AND number = @number", row => row.GetString(0),
            ("service", service), ("number", number)));

    /// <summary>Deletes all but the newest successful releases and as many of the others; returns the images of those deleted.</summary>
    public IReadOnlyList<ForgottenImage> Forget(string service, int keep)
    {
        const string Old =
            """
            service = @service AND number IN (SELECT number FROM (
                SELECT number, outcome, row_number() OVER (PARTITION BY outcome = @good ORDER BY number DESC) AS place
                FROM releases WHERE service = @service
            ) WHERE place > @keep AND outcome <> @running)
            """;
        (string, object?)[] values =
            [("service", service), ("keep", keep), ("good", StoredText.Name(ReleaseOutcome.Succeeded)),
                ("running", StoredText.Name(ReleaseOutcome.Running))];
        // Mostly there is nothing to delete, and no transaction to wait for.
        if (database.Read(connection => connection.Number($"SELECT EXISTS (SELECT 1 FROM releases WHERE {Old})", values)) == 0)
            return [];
        return database.Write(connection =>
        {
            var forgotten = Images(connection, Old, values);
            connection.Execute($"DELETE FROM releases WHERE {Old}", values);
            var kept = connection.Query("SELECT DISTINCT image_id FROM release_images", row => row.GetString(0)).ToHashSet();
            return forgotten.ConvertAll(i => new ForgottenImage(i.Release, i.Reference, i.Id, !kept.Contains(i.Id)));
        });
    }

    /// <summary>Part of the transaction that journals the plan.</summary>
    public static void Begin(SqliteConnection connection, NewRelease release) => connection.Execute(
        """
        INSERT INTO releases (service, number, operation, kind, rollback_of, component, actor, definition, started_at, outcome)
        VALUES (@service, @number, @operation, @kind, @rollbackOf, @component, @actor, @definition, @startedAt, @outcome)
        """,
        ("service", release.Service), ("number", release.Number), ("operation", release.Operation), ("kind", StoredText.Name(release.Kind)),
        ("rollbackOf", release.RollbackOf),
        ("component", release.Component), ("actor", release.Actor), ("definition", StoredDefinition.Write(release.Definition)),
        ("startedAt", StoredText.Time(release.StartedAt)),
        ("outcome", StoredText.Name(ReleaseOutcome.Running)));

    /// <summary>Part of the transaction that stores the service's new state.</summary>
    public static void Succeed(SqliteConnection connection, NewRelease release, StoredService service, DateTimeOffset at)
    {
        Close(connection, release.Operation, ReleaseOutcome.Succeeded, "", at);
        foreach (var component in service.Components)
            if (component.Image is { } image)
                connection.Execute(
                    """
                    INSERT INTO release_images (service, number, component, reference, image_id, digest)
                    VALUES (@service, @number, @component, @reference, @id, @digest)
                    """,
                    ("service", release.Service), ("number", release.Number), ("component", component.Definition.Name),
                    ("reference", image.Reference), ("id", image.Id),
                    ("digest", image.Digest));
    }

    /// <summary>Part of the transaction that closes the operation. Nothing happens to a release that has ended already.</summary>
    public static void Close(SqliteConnection connection, string operation, ReleaseOutcome outcome, string message, DateTimeOffset at) =>
        connection.Execute(
        "UPDATE releases SET outcome = @outcome, message = @message, ended_at = @at WHERE operation = @operation AND outcome = @running",
        ("operation", operation), ("outcome", StoredText.Name(outcome)), ("message", message), ("at", StoredText.Time(at)),
        ("running", StoredText.Name(ReleaseOutcome.Running)));

    private static List<ImageRow> Images(SqliteConnection connection, string where,
        params ReadOnlySpan<(string Name, object? Value)> values) => connection.Query(
        $"SELECT number, component, reference, image_id, digest FROM release_images WHERE {where}",
        row => new ImageRow(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)),
        values);

    private static StoredRelease Read(string service, SqliteDataReader row, IReadOnlyList<ImageRow> images)
    {
        var definition = StoredDefinition.Read(row.GetString(6), out var problem);
        var (ended, message) = (row.TextOrNull(8), row.GetString(10));
        return new(
            new()
            {
                Service = service,
                Number = row.GetInt32(0),
                OperationId = row.GetString(1),
                Kind = StoredText.Value<OperationKind>(row.GetString(2)),
                RollbackOf = row.NumberOrNull(3),
                Component = row.TextOrNull(4),
                Actor = row.GetString(5),
                StartedAt = StoredText.Time(row.GetString(7)),
                EndedAt = ended is null ? null : StoredText.Time(ended),
                Outcome = StoredText.Value<ReleaseOutcome>(row.GetString(9)),
                Message = string.Join("\n", new[] { message, problem }.Where(m => m.Length > 0)),
                Images = images.Select(i => new ReleaseImage(i.Component, i.Reference, i.Digest)).ToValueList(),
                Definition = definition ?? new() { Name = service },
            },
            new ValueMap(images.Select(i => KeyValuePair.Create(i.Component, i.Id))),
            problem);
    }

    private sealed record ImageRow(int Release, string Component, string Reference, string Id, string Digest);
}
