using Mcp.Cli.Output;
using Spectre.Console;

namespace Mcp.Cli.Tests.Output;

public sealed class SafeConsoleTests
{
    [Fact]
    public void Write_TextThatATerminalWouldCarryOut_IsWrittenOut_AndOwnColoursStay()
    {
        using var output = new StringWriter();
        var console = new SafeConsole(AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.Standard, Out = new AnsiConsoleOutput(output),
        }));

        console.Write(new Paragraph("name: ").Append("\u001b]0;owned\u0007\u009b2J\u202e", new Style(Color.Red)).Append("\nnext\n"));

        Assert.Contains(@"\u001b]0;owned\u0007\u009b2J\u202e", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b]0;", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("\u001b[", output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("\nnext\n", output.ToString(), StringComparison.Ordinal);
    }
}
