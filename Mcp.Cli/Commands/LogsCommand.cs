using System.CommandLine;
using System.Globalization;
using Mcp.Cli.Arguments;
using Mcp.Cli.Output;
using Mcp.Core;
using Mcp.Core.Status;
using Spectre.Console;

namespace Mcp.Cli.Commands;

internal static class LogsCommand
{
    private static readonly Color[] Palette = [Color.Teal, Color.Olive, Color.Purple, Color.Navy, Color.Green, Color.Maroon];

    public static Command Create(CommandBinding binding)
    {
        var target = ServiceTarget.Argument("The service, or one component of it").CompletedBy(binding);
        var tail = TailOption.Create("Only the last lines of each component");
        var since = SinceOption.Create(binding.Host.Time);
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with new lines until Ctrl+C" };
        var timestamps = new Option<bool>("--timestamps", "-t") { Description = "Begin each line with its time" };
        var raw = new Option<bool>("--raw")
        {
            Description = "Print lines as the containers wrote them, with escape sequences that a terminal carries out",
        };
        var command = new Command("logs", "Show what a service's containers print.") { target, tail, since, follow, timestamps, raw };
        binding.Bind(command, async (context, cancellationToken) =>
        {
            var arguments = context.Arguments;
            var named = arguments.GetRequiredValue(target)!;
            var agent = await context.AgentOfAsync(named.Service, cancellationToken);
            var request = new LogRequest(
                named.Service, named.Component, arguments.GetValue(tail), arguments.GetValue(since), arguments.GetValue(follow));
            var lines = new Lines(context, arguments.GetValue(timestamps), named.Component is null, arguments.GetValue(raw));
            await foreach (var entry in agent.GetLogsAsync(request, cancellationToken))
            {
                if (context.Json)
                    JsonOutput.WriteLine(context.Host.Out, JsonOutput.Of(agent.Node.Name, entry));
                else
                    lines.Write(entry);
            }
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>A log's text goes past the console, which would wrap it.</summary>
    private sealed class Lines(CommandContext context, bool timestamps, bool withComponent, bool raw)
    {
        private readonly Dictionary<string, Style> _styles = [];
        private int _width;

        public void Write(LogEntry entry)
        {
            if (timestamps)
                context.Host.Out.Write(entry.At.ToString("yyyy-MM-ddTHH:mm:ss.fffK ", CultureInfo.InvariantCulture));
            if (withComponent && entry.Component != entry.Service)
                WriteComponent(entry.Component);
            context.Host.Out.WriteLine(raw ? entry.Text : SafeText.Of(entry.Text));
            context.Host.Out.Flush();
        }

        private void WriteComponent(string component)
        {
            if (!_styles.TryGetValue(component, out var style))
                _styles[component] = style = new Style(Palette[_styles.Count % Palette.Length]);
            _width = Math.Max(_width, component.Length);
            context.Host.Console.Write(new Text(component.PadRight(_width) + " | ", style));
        }
    }
}
