namespace Mcp.Testing;

/// <summary>The repository as text, for tests that hold its structure.</summary>
public static class SourceTree
{
    /// <summary>The folder with Mcp.sln above the running test.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A built program in its own project's output folder. The copy in a test's output folder lacks assemblies that the test gets
    /// from a framework.</summary>
    /// <param name="project">The project's folder, relative to the root.</param>
    public static string Program(string project, string file)
    {
        var output =
            AppContext.BaseDirectory[(
                AppContext.BaseDirectory.LastIndexOf(
                    $"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal) + 1)..];
        return Path.Combine(Root, project, output, file);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Mcp.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException("no Mcp.sln above " + AppContext.BaseDirectory);
    }
}
