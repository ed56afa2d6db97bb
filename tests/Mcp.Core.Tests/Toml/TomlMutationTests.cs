using Mcp.Core.Tests.Definitions;
using Mcp.Core.Toml;

namespace Mcp.Core.Tests.Toml;

/// <summary>A good file with random damage; the same seed gives the same one.</summary>
public sealed class TomlMutationTests
{
    private static readonly string[] Pieces =
        ["[", "]", "{", "}", "\"", "'", "\"\"\"", "'''", "\n", "\r", "=", ",", ".", "#", "\\", "\\UFFFFFFFF", "0x", "1e", "-", "\0",
            "\uFEFF", "\U0001F600"];

    [Fact]
    public void Read_DamagedText_GivesEachErrorOnceWithAPlaceInIt()
    {
        var good = DefinitionCases.Text("full.toml") + DefinitionCases.Text("go/mcr.toml")
            .Replace("[[components", "[[more", StringComparison.Ordinal);
        for (var seed = 0; seed < 3000; seed++)
        {
            var text = Damage(good, new Random(seed));
            var lines = text.Split('\n');

            var errors = TomlReader.Read(text).Errors;

            Assert.True(errors.Select(e => e.Position).Distinct().Count() == errors.Count, $"doubled with seed {seed}");
            Assert.All(errors, e =>
            {
                Assert.InRange(e.Position.Line, 1, lines.Length);
                Assert.InRange(e.Position.Column, 1, lines[e.Position.Line - 1].Length + 1);
            });
        }
    }

    private static string Damage(string text, Random random)
    {
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(text.Length);
            text = random.Next(3) switch
            {
                0 => text.Remove(at, Math.Min(random.Next(1, 9), text.Length - at)),
                1 => text[..at] + "\n",
                _ => text.Insert(at, Pieces[random.Next(Pieces.Length)]),
            };
        }
        return text;
    }
}
