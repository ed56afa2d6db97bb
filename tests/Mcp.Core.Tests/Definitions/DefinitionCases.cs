using Mcp.Core.Definitions;

namespace Mcp.Core.Tests.Definitions;

/// <summary>The files of tests/cases/definitions.</summary>
internal static class DefinitionCases
{
    private static readonly string Folder = Find();

    public static string Path(string name) => System.IO.Path.Combine(Folder, name);

    public static string Text(string name) => File.ReadAllText(Path(name)).ReplaceLineEndings("\n");

    public static IEnumerable<string> Problems(string text) => DefinitionReader.Read(text, "x.toml").Problems.Select(p => p.ToString());

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Mcp.sln")))
                return System.IO.Path.Combine(folder.FullName, "tests", "cases", "definitions");
        }
        throw new InvalidOperationException("the tests are not inside the repository");
    }
}
