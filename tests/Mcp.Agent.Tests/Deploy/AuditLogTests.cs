using Mcp.Agent.Auth;
using Mcp.Agent.Registry;
using Mcp.Core.Operations;
using Mcp.Core.Status;
using Mcp.Testing.Containers;

namespace Mcp.Agent.Tests.Deploy;

public sealed class AuditLogTests : IDisposable
{
    private readonly DeployFixture _node = new();

    [Fact]
    public async Task Operations_WhenTheyEnd_AreAuditedWithWhoFromWhereAndOutcome()
    {
        _node.Engine.AddToRegistry("registry/web:v1");
        _node.Engine.AddToRegistry("registry/worker:v1");
        _node.Engine.AddToRegistry("registry/worker:v2", FakeImage.Exits(3, default, "password is s3cret"));
        await _node.DeployAsync(DeployFixture.Shop());
        await _node.DeployAsync(DeployFixture.Shop(workerImage: "registry/worker:v2"));
        await DeployFixture.EndAsync(await _node.Deployer.RunAsync(
            OperationKind.Undeploy, "shop", "worker", DeployFixture.Alice, null, default));

        var entries = _node.Audit.Query(new AuditRequest()).ToList();

        Assert.Equal(
            ["alice operator test deploy shop  succeeded", "alice operator test deploy shop  rolled-back",
                "alice operator test undeploy shop worker succeeded"],
            entries.Select(e => $"{e.Actor} {e.Role} {e.From} {e.Action} {e.Service} {e.Component} {e.Outcome}"));
        Assert.Matches("^container shop-worker-[0-9a-f]+ ended right after its start with exit code 3$", entries[1].Message);
        Assert.All(entries, e => Assert.NotEqual("", e.OperationId));
        // What a container said is not for keeps.
        Assert.DoesNotContain(entries, e => e.ToString().Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public void Query_ByServiceTimeAndCount_TellsThoseOnly()
    {
        foreach (var (service, action) in new[] { ("a", "one"), ("b", "two"), ("a", "three") })
            _node.Audit.Append(new(DeployFixture.Alice, action, service, null, "", "succeeded", ""));

        Assert.Equal(["one", "three"], _node.Audit.Query(new("a")).Select(e => e.Action));
        Assert.Equal(["two", "three"], _node.Audit.Query(new(Tail: 2)).Select(e => e.Action));
        Assert.Empty(_node.Audit.Query(new(Since: DateTimeOffset.MaxValue)));
    }

    [Theory]
    [InlineData("DELETE FROM audit")]
    [InlineData("UPDATE audit SET actor = 'mallory'")]
    public void Rows_OnceThere_StayAsTheyAre(string sql)
    {
        _node.Audit.Append(new(new Caller("bob", Role.Admin, "ipv4:1.2.3.4:5"), "deploy", "a", null, "", "succeeded", ""));

        var refused = Assert.Throws<AgentException>(() => _node.Database.Write(connection => connection.Execute(sql)));

        Assert.Contains("append-only", refused.Message, StringComparison.Ordinal);
        Assert.Equal("bob", Assert.Single(_node.Audit.Query(new())).Actor);
    }

    public void Dispose() => _node.Dispose();
}
