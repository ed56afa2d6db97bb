using Dapper;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Core.Status;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Registry;

/// <summary>What a deploy is going to be, before anybody knows how it ends.</summary>
internal sealed record ReleaseDraft(
    string Service, int Number, string Operation, OperationKind Kind, int? RollbackOf, string? Component, string Actor, ServiceDefinition Definition, DateTimeOffset StartedAt);

/// <summary>A release with the images as the engine knows them, one for each component.</summary>
internal sealed record StoredRelease(Release Release, ValueMap ImageIds);

/// <summary>The numbered deploys of each service. They stay when the service goes.</summary>
internal sealed class ReleaseStore(RegistryDatabase database)
{
    /// <summary>The service must be taken: two deploys would get the same.</summary>
    public int NextNumber(string service) =>
        database.Read(connection => connection.ExecuteScalar<int>("SELECT coalesce(max(number), 0) + 1 FROM releases WHERE service = @service", new { service }));

    public static void Begin(SqliteConnection connection, SqliteTransaction transaction, ReleaseDraft draft) => connection.Execute(
        """
        INSERT INTO releases (service, number, operation, kind, rollback_of, component, actor, definition, started_at, outcome)
        VALUES (@Service, @Number, @Operation, @kind, @RollbackOf, @Component, @Actor, @definition, @startedAt, @outcome)
        """,
        new
        {
            draft.Service,
            draft.Number,
            draft.Operation,
            kind = StoredText.Name(draft.Kind),
            draft.RollbackOf,
            draft.Component,
            draft.Actor,
            definition = DefinitionWriter.Write(draft.Definition),
            startedAt = StoredText.Time(draft.StartedAt),
            outcome = StoredText.Name(ReleaseOutcome.Running),
        },
        transaction);

    /// <summary>Part of the transaction that stores the service's new state.</summary>
    public static void Succeed(SqliteConnection connection, SqliteTransaction transaction, ReleaseDraft draft, StoredService service, DateTimeOffset at)
    {
        Close(connection, transaction, draft.Operation, ReleaseOutcome.Succeeded, "", at);
        connection.Execute(
            """
            INSERT INTO release_images (service, number, component, reference, image_id, digest)
            VALUES (@Service, @Number, @component, @Reference, @Id, @Digest)
            """,
            service.Components.Where(c => c.Image is not null)
                .Select(c => new { draft.Service, draft.Number, component = c.Definition.Name, c.Image!.Reference, c.Image.Id, c.Image.Digest }),
            transaction);
    }

    /// <summary>Nothing happens to one that has ended already.</summary>
    public static void Close(SqliteConnection connection, SqliteTransaction transaction, string operation, ReleaseOutcome outcome, string message, DateTimeOffset at) => connection.Execute(
        "UPDATE releases SET outcome = @outcome, message = @message, ended_at = @at WHERE operation = @operation AND outcome = @running",
        new { operation, outcome = StoredText.Name(outcome), message, at = StoredText.Time(at), running = StoredText.Name(ReleaseOutcome.Running) },
        transaction);

    /// <summary>Newest first.</summary>
    public IReadOnlyList<StoredRelease> List(string service) => database.Read(connection =>
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        var images = connection.Query<ReleaseImageRow>(
            "SELECT number AS Number, component AS Component, reference AS Reference, image_id AS ImageId, digest AS Digest FROM release_images WHERE service = @service ORDER BY component",
            new { service },
            transaction).ToLookup(i => i.Number);
        var rows = connection.Query<ReleaseRow>(
            """
            SELECT number AS Number, operation AS Operation, kind AS Kind, rollback_of AS RollbackOf, component AS Component, actor AS Actor, definition AS Definition,
                started_at AS StartedAt, ended_at AS EndedAt, outcome AS Outcome, message AS Message
            FROM releases WHERE service = @service ORDER BY number DESC
            """,
            new { service },
            transaction).AsList();
        var deployed = connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM services WHERE name = @service)", new { service }, transaction);
        var current = deployed ? rows.Find(r => r.Outcome == StoredText.Name(ReleaseOutcome.Succeeded))?.Number : null;
        return rows.ConvertAll(r => r.ToRelease(service, [.. images[r.Number]], r.Number == current));
    });

    /// <summary>The images that one release brought, each once.</summary>
    public IReadOnlyList<string> ImageIds(string service, int number) => database.Read(connection => connection.Query<string>(
        "SELECT DISTINCT image_id FROM release_images WHERE service = @service AND number = @number", new { service, number }).AsList());

    /// <summary>Forgets all but the newest good releases, and but as many of the others; tells the images of what it forgot.</summary>
    public IReadOnlyList<ForgottenImage> Forget(string service, int keep) => database.Write((connection, transaction) =>
    {
        var good = StoredText.Name(ReleaseOutcome.Succeeded);
        const string Old =
            """
            SELECT number FROM (
                SELECT number, outcome, row_number() OVER (PARTITION BY outcome = @good ORDER BY number DESC) AS place
                FROM releases WHERE service = @service
            ) WHERE place > @keep AND outcome <> @running
            """;
        var arguments = new { service, keep, good, running = StoredText.Name(ReleaseOutcome.Running) };
        var forgotten = connection.Query<ReleaseImageRow>(
            $"SELECT number AS Number, component AS Component, reference AS Reference, image_id AS ImageId, digest AS Digest FROM release_images WHERE service = @service AND number IN ({Old})",
            arguments,
            transaction).AsList();
        connection.Execute($"DELETE FROM releases WHERE service = @service AND number IN ({Old})", arguments, transaction);
        var kept = connection.Query<string>("SELECT DISTINCT image_id FROM release_images", transaction: transaction).ToHashSet();
        return forgotten.ConvertAll(i => new ForgottenImage(i.Number, i.Reference, i.ImageId, !kept.Contains(i.ImageId)));
    });
}

/// <param name="IsUnused">No release that is kept, of whatever service, has it.</param>
internal sealed record ForgottenImage(int Release, string Reference, string ImageId, bool IsUnused);
