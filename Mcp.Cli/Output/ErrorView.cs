using Mcp.Core.Client;
using Spectre.Console;

namespace Mcp.Cli.Output;

/// <summary>Errors and warnings as people read them: what, then what to do, on standard error.</summary>
internal static class ErrorView
{
    public static void Write(IAnsiConsole console, McpException error)
    {
        if (error.Problems.Count > 0)
        {
            // The form that editors and terminals make clickable: nothing before the file name.
            foreach (var problem in error.Problems)
                console.Write(new Text(problem + "\n"));
        }
        // An agent speaks of "this node"; here it is one of several.
        var place = error.Node is { } node && !error.Message.Contains("node " + node, StringComparison.Ordinal) ? $"node {node}: " : "";
        Write(console, place + error.Message, error.Remedy);
    }

    public static void Write(IAnsiConsole console, string message, string remedy)
    {
        var text = new Paragraph().Append("error: ", StateStyle.Bad).Append(message + "\n");
        if (remedy.Length > 0)
            text.Append("  → ", StateStyle.Off).Append(remedy + "\n");
        console.Write(text);
    }

    public static void WriteWarning(IAnsiConsole console, string text) =>
        console.Write(new Paragraph().Append("warning: ", StateStyle.Odd).Append(text + "\n"));
}
