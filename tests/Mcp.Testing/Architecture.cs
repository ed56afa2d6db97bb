using System.Reflection;
using NetArchTest.Rules;

namespace Mcp.Testing;

/// <summary>What types depend on, read from built assemblies: a dependency counts also where no `using` line names it.</summary>
public static class Architecture
{
    /// <summary>The namespaces one level below <paramref name="root"/> that have types: "Client", "Toml", ...</summary>
    public static IReadOnlyList<string> NamespacesBelow(Assembly assembly, string root) =>
    [
        .. assembly.GetTypes()
            .Select(t => t.Namespace ?? "")
            .Where(n => n.StartsWith(root + ".", StringComparison.Ordinal))
            .Select(n => n[(root.Length + 1)..].Split('.')[0])
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The types in a namespace, or below it, that depend on one of the others; all names in full.</summary>
    public static IReadOnlyList<string> Offenders(Assembly assembly, string namespaceName, IEnumerable<string> forbidden)
    {
        var types = Types.InAssembly(assembly).That().ResideInNamespace(namespaceName);
        if (!types.GetTypes().Any())
            throw new ArgumentException($"{namespaceName} has no types", nameof(namespaceName));
        return Names(types.ShouldNot().HaveDependencyOnAny([.. forbidden]).GetResult());
    }

    /// <summary>The same for a whole assembly that the test does not load.</summary>
    public static IReadOnlyList<string> Offenders(string assemblyFile, IEnumerable<string> forbidden) =>
        Names(Types.FromFile(assemblyFile).ShouldNot().HaveDependencyOnAny([.. forbidden]).GetResult());

    private static IReadOnlyList<string> Names(TestResult result) => [.. (result.FailingTypes ?? []).Select(t => t.FullName)];
}
