using Mcp.Core.Definitions;
using Mcp.Core.Definitions.Rules;
using Mcp.Core.Planning;

namespace Mcp.Core.Tests.Planning;

/// <summary>Deep and wide dependencies: what a recursive walk can't do, and what one that looks at every pair does not end.</summary>
public sealed class DependencyOrderTests
{
    private const int Deep = 100_000;

    [Fact]
    public void Of_AChainWrittenBackwards_PutsEachAfterTheOneItDependsOn()
    {
        var chain = Enumerable.Range(0, Deep).Select(i => Component(i, i + 1 < Deep ? [i + 1] : [])).ToList();

        Assert.Equal(chain.AsEnumerable().Reverse(), DependencyOrder.Of(chain));
    }

    [Fact]
    public void Of_ADiamond_KeepsTheOrderOfTheDefinitionWhereItMay()
    {
        List<ComponentDefinition> diamond = [Component(0, [2, 1]), Component(1, [3]), Component(2, [3]), Component(3, [])];

        Assert.Equal(["c3", "c2", "c1", "c0"], DependencyOrder.Of(diamond).Select(c => c.Name));
    }

    [Fact]
    public void Through_AChain_FindsNoCircle()
    {
        var circles = new DependencyCircles(Ways(i => i + 1 < Deep ? [i + 1] : []));

        Assert.All(Enumerable.Range(0, Deep), i => Assert.Null(circles.Through($"c{i}")));
    }

    [Fact]
    public void Through_ACircle_IsTheShortestWayBack()
    {
        var circles = new DependencyCircles(Ways(i => [(i + 1) % Deep]));

        var way = circles.Through("c7")!;

        Assert.Equal((Deep + 1, "c7", "c8", "c7"), (way.Count, way[0], way[1], way[^1]));
    }

    [Fact]
    public void Through_AComponentThatOnlyLeadsToACircle_IsNull()
    {
        var circles = new DependencyCircles(new Dictionary<string, IReadOnlyList<string>> { ["a"] = ["b"], ["b"] = ["c"], ["c"] = ["b"] });

        Assert.Null(circles.Through("a"));
        Assert.Equal(["b", "c", "b"], circles.Through("b"));
    }

    private static Dictionary<string, IReadOnlyList<string>> Ways(Func<int, int[]> wanted) =>
        Enumerable.Range(0, Deep).ToDictionary(i => $"c{i}", i => (IReadOnlyList<string>)[.. wanted(i).Select(w => $"c{w}")]);

    private static ComponentDefinition Component(int number, int[] wanted) =>
        new() { Name = $"c{number}", Image = "registry/web:v1", DependsOn = [.. wanted.Select(w => $"c{w}")] };
}
