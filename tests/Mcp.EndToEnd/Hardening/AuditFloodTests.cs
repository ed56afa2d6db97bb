using System.Diagnostics;
using Google.Protobuf;
using Mcp.EndToEnd.Fuzz;
using Mcp.Testing;
using Mcp.Testing.Engines;
using Mcp.V1;

namespace Mcp.EndToEnd.Hardening;

/// <summary>A caller whose calls are denied or refused can't fill the audit.</summary>
[Trait("Group", "e2e")]
public sealed class AuditFloodTests(FuzzNode node) : IClassFixture<FuzzNode>
{
    private const int Denied = 500;
    private const int Refused = 40;

    [EngineFact]
    public async Task Calls_DeniedOrRefusedManyTimes_AddLittleToTheAudit()
    {
        var named = new DeployRequest { Definition = new() { Name = new string('x', 1000) } };
        var large = new DeployRequest { Definition = new() { Name = new string('x', 4_000_000) } };
        FuzzCall denied = new("/mcp.v1.NodeAgent/Deploy", "viewer", [named.ToByteArray()]);
        FuzzCall refused = new("/mcp.v1.NodeAgent/Deploy", "operator", [large.ToByteArray()]);
        var (memory, size, clock) = (node.Agent.Resident, Size(), Stopwatch.StartNew());
        for (var i = 0; i < Denied; i++)
            Assert.Null(await node.Agent.FaultAsync(denied));
        for (var i = 0; i < Refused; i++)
            Assert.Null(await node.Agent.FaultAsync(refused));
        var took = clock.Elapsed;

        var asking = Stopwatch.StartNew();
        var info = Programs.Start(Programs.Mcp, ["audit", "--json"]);
        info.Environment["MCP_CONFIG"] = Path.Combine(node.Directory, "mcp.toml");
        var audit = (await CliResult.OfAsync(info)).Expect(0);
        // Twenty of each token; a minute may end meanwhile, which begins another twenty.
        Assert.InRange(audit.Json.GetArrayLength(), 40, 80);
        Assert.True(Size() - size < 1 << 20, $"{size} -> {Size()} bytes");
        HardeningTable.Add(
            "5 audit", $"{Denied} denied calls, {Refused} refused ones with a name of 4 MB", memory, node.Agent.Resident, took,
            $"{audit.Json.GetArrayLength()} entries, {(Size() - size) / 1024} KiB more in the database; `mcp audit` takes "
            + $"{asking.ElapsedMilliseconds} ms");
    }

    private long Size() => Directory.GetFiles(Path.Combine(node.Directory, "agent"), "registry.db*").Sum(f => new FileInfo(f).Length);
}
