namespace Mcp.Core.Tests.Toml;

/// <summary>The toml-test files: TOML_TEST_DIR, else shared/toml-test-1.1 beside the repository. A file list for TOML 1.1 in the directory
/// (as the upstream corpus has, which also holds cases for 1.0) narrows it.</summary>
internal static class TomlCorpus
{
    private static readonly string? Root = Find();

    public static string? MissingReason { get; } = Root is null
        ? "the toml-test corpus is not here: set TOML_TEST_DIR to a directory with valid/ and invalid/"
        : null;

    public static TheoryData<string> Files(string kind)
    {
        var data = new TheoryData<string>();
        if (Root is null)
            return data;
        var list = Path.Combine(Root, "files-toml-1.1.0");
        var listed = File.Exists(list) ? File.ReadLines(list).ToHashSet(StringComparer.Ordinal) : null;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Root, kind), "*.toml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(Root, file).Replace('\\', '/');
            if (listed?.Contains(name) != false)
                data.Add(name);
        }
        return data;
    }

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Root!, name));

    private static string? Find()
    {
        var given = Environment.GetEnvironmentVariable("TOML_TEST_DIR");
        if (!string.IsNullOrEmpty(given))
            return IsCorpus(given) ? given : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Mcp.sln")))
                continue;
            var beside = Path.Combine(folder.FullName, "..", "shared", "toml-test-1.1");
            return IsCorpus(beside) ? Path.GetFullPath(beside) : null;
        }
        return null;
    }

    private static bool IsCorpus(string folder) =>
        Directory.Exists(Path.Combine(folder, "valid")) && Directory.Exists(Path.Combine(folder, "invalid"));
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class CorpusTheoryAttribute : TheoryAttribute
{
    public CorpusTheoryAttribute() => Skip = TomlCorpus.MissingReason;
}
