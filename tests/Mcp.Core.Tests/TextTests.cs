using Mcp.Testing;

namespace Mcp.Core.Tests;

/// <summary>What holds for all text of the repository.</summary>
public sealed class TextTests
{
    private const int Longest = 140;

    private static readonly string[] Generated = ["bin", "obj", "out", "node_modules", ".git"];

    [Theory]
    [InlineData("*.cs")]
    [InlineData("*.md")]
    [InlineData("*.proto")]
    [InlineData("*.sh")]
    [InlineData("*.ps1")]
    [InlineData("*.psm1")]
    [InlineData("*.ps1xml")]
    public void Lines_OfCodeAndProse_HaveAtMost140Characters(string pattern)
    {
        var files = Files(new DirectoryInfo(SourceTree.Root), pattern).ToList();

        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(LongLines));
    }

    /// <summary>Except for what can't be broken: raw strings, regular expressions, tables and literal output.</summary>
    private static IEnumerable<string> LongLines(string file)
    {
        var (literal, prose) = (false, file.EndsWith(".md", StringComparison.Ordinal));
        foreach (var (index, line) in File.ReadAllLines(file).Index())
        {
            var marks = prose ? (line.TrimStart().StartsWith("```", StringComparison.Ordinal) ? 1 : 0) : Count(line, "\"\"\"");
            if (marks % 2 == 1)
                literal = !literal;
            var text = line.Trim();
            var fixedText = (prose ? text.StartsWith('|') : marks > 0) || !text.Contains(' ');
            if (line.Length > Longest && !literal && !fixedText)
                yield return $"{Path.GetRelativePath(SourceTree.Root, file)}:{index + 1}: {line.Length} characters";
        }
    }

    private static int Count(string line, string mark) => line.Split(mark).Length - 1;

    private static IEnumerable<string> Files(DirectoryInfo folder, string pattern) =>
        folder.EnumerateFiles(pattern).Select(f => f.FullName).Concat(
            folder.EnumerateDirectories().Where(d => !Generated.Contains(d.Name)).SelectMany(d => Files(d, pattern)));
}
