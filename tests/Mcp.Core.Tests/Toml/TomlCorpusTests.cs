using System.Text;
using System.Text.Json;
using Mcp.Core.Toml;

namespace Mcp.Core.Tests.Toml;

[Trait("Group", "toml")]
public sealed class TomlCorpusTests
{
    public static TheoryData<string> Valid => TomlCorpus.Files("valid");

    public static TheoryData<string> Invalid => TomlCorpus.Files("invalid");

    [CorpusTheory]
    [MemberData(nameof(Valid))]
    public void Read_ValidFile_GivesTheExpectedValues(string file)
    {
        var result = TomlReader.Read(TomlCorpus.Read(file));

        Assert.Empty(result.Errors);
        Assert.Null(TaggedJson.Difference(result.Root, Expected(file)));
    }

    [CorpusTheory]
    [MemberData(nameof(Valid))]
    public void Write_ValidFile_ReadsBackToTheSameValues(string file)
    {
        var written = TomlWriter.Write(TomlReader.Read(TomlCorpus.Read(file)).Root);
        var again = TomlReader.Read(written);

        Assert.Empty(again.Errors);
        Assert.Null(TaggedJson.Difference(again.Root, Expected(file)));
        Assert.Equal(written, TomlWriter.Write(again.Root));
    }

    [CorpusTheory]
    [MemberData(nameof(Invalid))]
    public void Read_InvalidFile_GivesLocatedErrors(string file)
    {
        var bytes = TomlCorpus.Read(file);
        var lines = Encoding.UTF8.GetString(bytes).Split('\n');

        var result = TomlReader.Read(bytes);

        Assert.NotEmpty(result.Errors);
        Assert.All(result.Errors, e =>
        {
            Assert.InRange(e.Position.Line, 1, lines.Length);
            Assert.InRange(e.Position.Column, 1, lines[e.Position.Line - 1].Length + 1);
            Assert.NotEmpty(e.Message);
            Assert.NotEmpty(e.Remedy);
        });
    }

    private static JsonElement Expected(string file) =>
        JsonDocument.Parse(TomlCorpus.Read(Path.ChangeExtension(file, ".json"))).RootElement;
}
