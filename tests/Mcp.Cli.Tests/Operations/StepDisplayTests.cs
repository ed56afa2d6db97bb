using System.Text.RegularExpressions;
using Mcp.Cli.Operations;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Operations;

namespace Mcp.Cli.Tests.Operations;

public sealed partial class StepDisplayTests
{
    private static readonly OperationUpdate[] Updates =
    [
        Samples.Plan, Samples.Step(0, StepState.Running), Samples.Step(0, StepState.Done), Samples.Step(1, StepState.Running),
        Samples.Step(1, StepState.Failed, "name [taken]"), Samples.Step(0, StepState.RolledBack),
        Samples.End(OperationOutcome.RolledBack, "no"),
    ];

    [Fact]
    public async Task Plain_EachFinishedStep_IsALine()
    {
        using var writer = new StringWriter();
        await new PlainSteps(Host(writer, ansi: false)).ShowAsync(Updates.ToAsyncEnumerable());
        Assert.Equal(
            "done        web pull localhost/hello:v1 (image v0 -> v1) 1.5s\nfailed      web create hello-web 1.5s: name [taken]\n" +
            "rolled-back web pull localhost/hello:v1 (image v0 -> v1)\n",
            writer.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Live_EachFinishedStep_StaysAboveTheSpinner()
    {
        using var writer = new StringWriter();
        await new LiveSteps(Host(writer, ansi: true)).ShowAsync(Updates.ToAsyncEnumerable());
        var text = Escapes().Replace(writer.ToString(), "");
        Assert.Contains("✓ web pull localhost/hello:v1 (image v0 -> v1) 1.5s", text, StringComparison.Ordinal);
        Assert.Contains("✗ web create hello-web 1.5s: name [taken]", text, StringComparison.Ordinal);
        Assert.Contains("↶ web pull", text, StringComparison.Ordinal);
        Assert.EndsWith("\u001b[?25h", writer.ToString().TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Live_LineThatWraps_ErasesWhatStoodThere()
    {
        using var writer = new StringWriter();
        var host = Host(writer, ansi: true);
        host.Console.Profile.Width = 20;
        await new LiveSteps(host).ShowAsync(Updates.Take(3).ToAsyncEnumerable());
        Assert.Matches("\u001b\\[0J[^\n]*✓", writer.ToString());
    }

    [Fact]
    public async Task Live_NarrowTerminal_NeverWritesAStatusWiderThanIt()
    {
        using var writer = new StringWriter();
        var host = Host(writer, ansi: true);
        host.Console.Profile.Width = 20;
        await new LiveSteps(host).ShowAsync(Updates.Take(2).ToAsyncEnumerable());
        Assert.All(Escapes().Replace(writer.ToString(), "").Split('\n', '\r'), line => Assert.InRange(line.Length, 0, 20));
    }

    private static CliHost Host(StringWriter writer, bool ansi) => new()
    {
        In = TextReader.Null,
        Out = writer,
        Console = TestConsole.For(writer, 200, ansi),
        Error = TestConsole.For(TextWriter.Null),
        Environment = WorkstationEnvironment.Current,
        Time = TimeProvider.System,
        IsTerminal = ansi,
    };

    [GeneratedRegex("\u001b\\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Escapes();
}
