using Mcp.Agent.Audit;
using Mcp.Agent.Auth;
using Mcp.Agent.Registry;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Tests.Deploy;

/// <summary>The audit as it is after its file was written to by others.</summary>
public sealed class AuditChainTests : IDisposable
{
    private const string Open = "DROP TRIGGER audit_keeps_text; DROP TRIGGER audit_keeps_rows;";

    private readonly DeployFixture _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Verify_AsWritten_IsIntactAndItsHashIsFoundAgain()
    {
        Append(3);
        var hash = Verify().Hash;
        Append(1200);

        var check = Verify(hash);

        Assert.Equal((1203L, ""), (check.Entries, check.Problem));
        Assert.NotEqual(hash, check.Hash);
        Assert.Matches("^[0-9a-f]{64}$", check.Hash);
        Assert.True(check.From <= check.To);
    }

    [Fact]
    public void Verify_Empty_IsIntact() => Assert.Equal(new(0, null, null, "", ""), Verify());

    [Theory]
    [InlineData("UPDATE audit SET actor = 'mallory' WHERE id = 2", "entry 2 of")]
    [InlineData("UPDATE audit SET message = 'none' WHERE id = 700", "entry 700 of")]
    [InlineData("DELETE FROM audit WHERE id = 2", "entry 3 of")]
    [InlineData("DELETE FROM audit WHERE id <= 3", "entry 4 of")]
    [InlineData("DELETE FROM audit WHERE id > 700", "the entries after 700, up to 1000, were removed")]
    [InlineData("DELETE FROM audit", "the entries after 0, up to 1000, were removed")]
    [InlineData("UPDATE audit SET id = 5000 WHERE id = 2", "entry 3 of")]
    [InlineData("UPDATE audit SET hash = '' WHERE id = 2", "entry 2 of")]
    public void Verify_ChangedOrRemovedEntry_Shows(string sql, string problem)
    {
        Append(1000);
        _node.Database.Write(connection => connection.Execute(Open + sql));

        Assert.StartsWith(problem, Verify().Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_WrittenAgainAsAWhole_ShowsByAHashThatWasNoted()
    {
        Append(3);
        var hash = Verify().Hash;
        _node.Database.Write(connection => connection.Execute(
            Open + "DELETE FROM audit; UPDATE sqlite_sequence SET seq = 0 WHERE name = 'audit'"));
        Append(3, "mallory");

        Assert.Equal("", Verify().Problem);
        Assert.StartsWith($"no entry has the hash {hash}", Verify(hash).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Prune_RemovesTheOldestAndTheRestStaysIntact()
    {
        Append(20);
        Assert.Equal(0, _node.Audit.Prune(new() { MaxAge = TimeSpan.FromDays(36500) }));

        Assert.Equal(15, _node.Audit.Prune(new() { MaxCount = 5, MaxAge = TimeSpan.FromDays(36500) }));

        Assert.Equal((5L, ""), (Verify().Entries, Verify().Problem));
        var hash = Verify().Hash;
        Assert.Equal(5, _node.Audit.Prune(new() { MaxAge = TimeSpan.FromDays(-1) }));
        Assert.Equal((0L, ""), (Verify(hash).Entries, Verify(hash).Problem));
        Append(2);
        Assert.Equal((2L, ""), (Verify(hash).Entries, Verify(hash).Problem));
        Assert.Equal([21, 22], _node.Audit.Query(new()).Select(e => e.Id));
        Assert.Throws<AgentException>(() => _node.Database.Write(connection => connection.Execute("DELETE FROM audit")));
    }

    [Fact]
    public void Migration_OfEntriesFromBefore_GivesThemTheirHashes()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        foreach (var migration in Migrations.All.Where(m => m.Version < 8))
            migration.Apply(connection);
        connection.Execute(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
            INSERT INTO audit (at, actor, role, peer, action, service, component, operation, outcome, message)
            SELECT '2026-01-01T00:00:00.0000000Z', 'alice', 'admin', 'p', 'deploy', 's' || i, '', '', 'succeeded', '' FROM n
            """);

        Migrations.All.Single(m => m.Version == 8).Apply(connection);

        Assert.Equal(1200, connection.Number("SELECT count(DISTINCT hash) FROM audit"));
        var (id, hash) = AuditChain.Tip(connection);
        Assert.Equal(1200, id);
        Assert.Matches("^[0-9a-f]{64}$", hash);
    }

    private Mcp.Core.Status.AuditCheck Verify(string expected = "") => new AuditVerifier(_node.Database).Verify(expected, default);

    private void Append(int count, string actor = "alice") => _node.Database.Write(connection =>
    {
        for (var i = 0; i < count; i++)
            AuditLog.Append(
                connection, DateTimeOffset.UnixEpoch.AddYears(56),
                new(new(actor, Role.Operator, "test"), "deploy", $"s{i}", null, "", "succeeded", ""));
    });
}
