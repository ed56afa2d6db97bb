using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Fuzz;

/// <summary>What fuzz runs have found: tests/cases/fuzz/calls.txt, one call a line (<see cref="FuzzCall"/>).</summary>
[Trait("Group", "e2e")]
public sealed class FuzzCasesTests(FuzzNode node) : IClassFixture<FuzzNode>
{
    [EngineFact]
    public async Task Agent_GivenACallThatWentWrongOnce_AnswersAsItShould()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(SourceTree.Root, "tests", "cases", "fuzz", "calls.txt"));
        Assert.NotEmpty(lines);
        var faults = new List<string>();
        foreach (var line in lines)
            if (await node.Agent.FaultAsync(FuzzCall.Parse(line)) is { } fault)
                faults.Add($"{fault}: {line}");
        Assert.Empty(faults);
    }
}
