using Mcp.Core.Toml;

namespace Mcp.Core.Tests.Toml;

public sealed class TomlErrorTests
{
    [Theory]
    [InlineData("a = 01", "1:5")]
    [InlineData("a = 1\nb = = 2", "2:5")]
    [InlineData("[a\nb = 1", "1:3")]
    [InlineData("a = 'x", "1:5")]
    [InlineData("a = \"\\q\"", "1:6")]
    [InlineData("a = 1\na = 2", "2:1")]
    [InlineData("[t]\n[t]", "2:2")]
    [InlineData("a.b = 1\n[a]", "2:2")]
    [InlineData("a = [1]\n[[a]]", "2:3")]
    [InlineData("a = {b = 1}\na.c = 2", "2:1")]
    [InlineData("a = 2023-02-30", "1:5")]
    [InlineData("a = \"\"\"x", "1:5")]
    [InlineData("\"\U0001F600\" = 'é' x", "1:11")]
    [InlineData("\uFEFFa = x", "1:5")]
    [InlineData("a = 1\r", "1:6")]
    [InlineData("a = 1\nb = 'x'\nc = \"x\\UFFFFFFFF\"\nd = 1", "3:7")]
    [InlineData("a = 1 # \u0001", "1:9")]
    [InlineData("a = 9223372036854775808", "1:5")]
    [InlineData("a = 0x8000000000000000", "1:5")]
    [InlineData("a = 0001-01-01T00:00:00+01:00", "1:5")]
    public void Read_OneMistake_GivesItsPlace(string text, string position) =>
        Assert.Equal(position, Assert.Single(TomlReader.Read(text).Errors).Position.ToString());

    [Fact]
    public void Read_ManyMistakes_ReportsEachOnce()
    {
        var result = TomlReader.Read(
            """
            name = web
            = "no key"
            ports = ["80:80" "81:81"]
            cmd = [
              "a",
              b c,
              "d"
            ]
            env = ["A=1",
              "B=2"

            [[components]
            image = 'x
            fine = 1
            [bad header
            also = true
            user == "0"
            text = "\x"
            """);

        Assert.Equal(
            ["1:8", "2:1", "3:18", "6:3", "9:7", "12:13", "13:9", "15:6", "17:7", "18:9"],
            result.Errors.Select(e => e.Position.ToString()));
        Assert.Equal(1L, Assert.IsType<TomlScalar>(((TomlTable)((TomlArray)result.Root["components"]!)[0])["fine"]).Value);
    }

    [Fact]
    public void Read_BrokenValue_LeavesItsKeyAsInvalid()
    {
        var root = TomlReader.Read("a = oops\nc\nb = [1, 2\n").Root;

        Assert.All(["a", "b", "c"], key => Assert.Equal(TomlKind.Invalid, root[key]!.Kind));
    }

    [Theory]
    [InlineData("token = s3cret")]
    [InlineData("token = 0123456789")]
    [InlineData("token = 99999999999999999999")]
    [InlineData("token = s3cret and more")]
    [InlineData("token = \"s3cret")]
    [InlineData("token = s3cret=s3cret")]
    [InlineData("token = 's3cret'\ntoken = 's3cret'")]
    [InlineData("[token]\nx = 's3cret'\n[token]")]
    [InlineData("token = 's3cret's3cret")]
    public void Read_ValueWithoutQuotationMarks_IsNotRepeated(string text) =>
        Assert.DoesNotContain(
            TomlReader.Read(text).Errors,
            e => (e.Message + e.Remedy).Contains("s3cret", StringComparison.Ordinal) || (e.Message + e.Remedy)
                .Contains("0123", StringComparison.Ordinal) || e.Message.Contains("99999", StringComparison.Ordinal));

    [Theory]
    [InlineData("[", "")]
    [InlineData("{a=", "")]
    [InlineData("[{a=", "")]
    [InlineData("a.", "a = 1")]
    public void Read_EndlessNesting_IsAnErrorAndNoCrash(string piece, string end)
    {
        var nested = string.Concat(Enumerable.Repeat(piece, 100_000)) + end;

        Assert.NotEmpty(TomlReader.Read(end.Length > 0 ? nested : "a = " + nested).Errors);
    }

    // Not among the theory's cases: half a surrogate pair does not survive as test data.
    [Fact]
    public void Read_HalfASurrogatePair_IsAnError() =>
        Assert.Equal(new TomlPosition(1, 6), Assert.Single(TomlReader.Read("a = '\uD800'").Errors).Position);

    [Fact]
    public void Read_Noise_StopsAtTheLimit() =>
        Assert.Equal(TomlReader.MaxErrors, TomlReader.Read(string.Concat(Enumerable.Repeat("?\n", 10_000))).Errors.Count);

    [Theory]
    [InlineData("\"a=\\\"=1\"")]
    [InlineData("'a = 1'")]
    [InlineData("[nan]")]
    [InlineData("[[true]]")]
    [InlineData("\"\"\"\nb = 1\n[c]\n\"\"\"")]
    [InlineData("[ # [c]\n]")]
    public void Read_ElementThatResemblesAStatement_IsAnElement(string element) =>
        Assert.Empty(TomlReader.Read($"a = [\n{element}\n]\n").Errors);

    [Fact]
    public void Read_InvalidUtf8_NamesTheByte()
    {
        var error = Assert.Single(TomlReader.Read([.. "a = 1\nb = '"u8, 0xFF, .. "'"u8]).Errors);

        Assert.Equal(new TomlPosition(2, 6), error.Position);
        Assert.Equal("byte 0xFF is not UTF-8", error.Message);
    }

    [Theory]
    [InlineData("a = 01", "leading zero")]
    [InlineData("a = 1__0", "underscore")]
    [InlineData("a = 1.", "neither text")]
    [InlineData("a = 18446744073709551615", "does not fit into 64 bits")]
    [InlineData("a = 0xFFFFFFFFFFFFFFFF", "does not fit into 64 bits")]
    [InlineData("a = 2016-12-31T23:59:61Z", "not a date or time")]
    [InlineData("a = \"\\q\"", "not an escape")]
    [InlineData("a = \"\\uD800\"", "not a Unicode character")]
    [InlineData("a = \"x\\UFFFFFFFF\"", "not a Unicode character")]
    [InlineData("a = \"\"\"x\ny", "multi-line string that starts here")]
    [InlineData("a = 'x", "not closed on its line")]
    [InlineData("a =", "expected a value, found the end of the")]
    [InlineData("a = [1 2]", "expected ',' or ']' in the array, found '2'")]
    [InlineData("a = {b = 1 c = 2}", "expected ',' or '}' in the inline table, found 'c'")]
    [InlineData("[a\n", "expected ']' after the table's name, found the end of the line")]
    [InlineData("a = 1 b = 2", "expected the end of the line, found 'b'")]
    [InlineData("a..b = 1", "expected a key, found '.'")]
    [InlineData("a 1", "expected '=' after the key, found '1'")]
    [InlineData("a = '\uFFFD'", "U+FFFD")]
    [InlineData("a = 1\na = 2", "key a is already defined at 1:1")]
    [InlineData("[a]\nb.c = 1\nd.e = 2\n[a.b]", "a.b is already defined as a table at 2:1")]
    public void Read_OneMistake_SaysWhichOne(string text, string words) =>
        Assert.Contains(words, Assert.Single(TomlReader.Read(text).Errors).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("x = {\n  a = 1,\n  b = oops,\n  c = 2,\n}\ny = zzz\n", "3:7 6:5")]
    [InlineData("x = [\n  { a = oops },\n  { a = 1 },\n]\ny = zzz\n", "2:9 5:5")]
    [InlineData("x = [1,\n[[c]]\ny = zzz\n", "1:5 3:5")]
    [InlineData("x = \"a\ny = \"b\"\nz = zzz\n", "1:5 3:5")]
    public void Read_MistakeInsideAValue_IsNotEchoedByTheLinesAfterIt(string text, string places) =>
        Assert.Equal(places, string.Join(' ', TomlReader.Read(text).Errors.Select(e => e.Position)));

    [Fact]
    public void Read_SeventyLevels_IsAnErrorAtTheFirstBracketTooMany()
    {
        var result = TomlReader.Read($"ok = 1\na = {new string('[', 70)}{new string(']', 70)}\nb = 2\n");

        Assert.Equal("2:68: nested more than 64 levels deep", Assert.Single(result.Errors.Select(e => $"{e.Position}: {e.Message}")));
        Assert.Equal(["ok", "a", "b"], result.Root.Select(e => e.Key));
    }

    [Theory]
    [InlineData("a = \"\"\"\r\nx\r\ny\"\"\"\r\n", "x\ny")]
    [InlineData("a = '''x\r\ny'''\r\n", "x\ny")]
    [InlineData("a = \"\"\"x\\r\\n\r\ny\"\"\"\r\n", "x\r\n\ny")]
    public void Read_MultiLineStringOfACrlfFile_HoldsLineFeeds(string text, string expected) =>
        Assert.Equal(expected, ((TomlScalar)TomlReader.Read(text).Root["a"]!).Value);

    [Fact]
    public void Read_Toml11_TakesShortTimesAndTablesOverLines()
    {
        var result = TomlReader.Read("at = 07:32\npoint = {\n  x = 1, # one\n}\nescape = \"\\x41\\e\"\n");

        Assert.Empty(result.Errors);
        Assert.Equal(new TimeOnly(7, 32), ((TomlScalar)result.Root["at"]!).Value);
        Assert.Equal("A\u001b", ((TomlScalar)result.Root["escape"]!).Value);
    }

    [Fact]
    public void Read_DottedKeyThatIsTooDeep_IsReportedOnce() =>
        Assert.Equal(
            "1:1", Assert.Single(TomlReader.Read(string.Concat(Enumerable.Repeat("a.", 70)) + "a = 1\n").Errors).Position.ToString());

    [Theory]
    [InlineData("a = [\n", "  1,\n", "]\nb = oops\n")]
    [InlineData("a = \"\"\"\n", "b = 'x'\n", "\"\"\"\nb = oops\n")]
    [InlineData("a = {\n", "  # b\n", "x = 1 }\nb = oops\n")]
    [InlineData("", "[[t]]\n", "[u]\nb = oops\n")]
    public void Read_ValueOverThousandsOfLines_IsReadAsAWhole(string begin, string line, string end)
    {
        var text = begin + string.Concat(Enumerable.Repeat(line, 20_000)) + end;

        Assert.Equal(text.Count(c => c == '\n'), Assert.Single(TomlReader.Read(text).Errors).Position.Line);
    }

    [Fact]
    public void Read_OneVeryLongLine_TakesNoQuadraticTime()
    {
        var text = "a = [" + string.Concat(Enumerable.Repeat("1, ", 100_000)) + "]";

        Assert.Equal(100_000, ((TomlArray)TomlReader.Read(text).Root["a"]!).Count);
    }
}
