using System.CommandLine;
using System.Globalization;
using Mcp.Cli.Arguments;
using Mcp.Cli.Output;
using Mcp.Core.Client;
using Mcp.Core.Status;
using Spectre.Console;

namespace Mcp.Cli.Commands;

internal static class EventsCommand
{
    private const int DefaultTail = 50;

    public static Command Create(CommandBinding binding)
    {
        var service =
            new Argument<string?>("service") { Description = "Only this service", Arity = ArgumentArity.ZeroOrOne }.CompletedBy(binding);
        var tail = TailOption.Create($"Only the last events of each node (without --since: {DefaultTail})");
        var since = SinceOption.Create(binding.Host.Time);
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with new events until Ctrl+C" };
        var command = new Command(
            "events", "Show what happened on the nodes: changes of state, drift, deploys, alerts.") { service, tail, since, follow };
        binding.Bind(command, (context, cancellationToken) =>
        {
            var arguments = context.Arguments;
            var after = arguments.GetValue(since);
            var count = arguments.GetValue(tail) ?? (after is null ? DefaultTail : null);
            return RunAsync(
                context, new EventRequest(arguments.GetValue(service), after, count, arguments.GetValue(follow)), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, EventRequest request, CancellationToken cancellationToken)
    {
        var errors = new List<McpException>();
        var stored = new List<(string Node, EventEntry Event)>();
        await foreach (var result in context.FleetToAsk.StreamAsync(
            (agent, token) => agent.GetEventsAsync(request, token), cancellationToken))
        {
            if (result.Error is { } error)
            {
                errors.Add(error);
                context.Report(error);
            }
            else if (request.Follow)
            {
                Write(context, result.Node.Name, result.Value!);
            }
            else
            {
                stored.Add((result.Node.Name, result.Value!));
            }
        }
        foreach (var (node, entry) in stored.OrderBy(s => s.Event.At))
            Write(context, node, entry);
        return ExitCode.Of(errors);
    }

    private static void Write(CommandContext context, string node, EventEntry entry)
    {
        if (context.Json)
        {
            JsonOutput.WriteLine(context.Host.Out, JsonOutput.Of(node, entry));
            return;
        }
        var at = TimeZoneInfo.ConvertTime(entry.At, context.Host.Time.LocalTimeZone)
            .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var line = new Paragraph().Append(at + "  ", StateStyle.Off);
        if (context.Config.Nodes.Count > 1)
            line.Append(node + "  ", StateStyle.Off);
        line.Append(entry.Component.Length > 0 ? $"{entry.Service}/{entry.Component}" : entry.Service, StateStyle.Strong);
        line.Append("  " + entry.Kind, StyleOf(entry));
        if (entry.From.Length > 0 || entry.To.Length > 0)
            line.Append($" {entry.From} → {entry.To}", StyleOf(entry));
        if (Message(entry) is { Length: > 0 } message)
            line.Append("  " + message);
        if (entry.Actor.Length > 0)
            line.Append($"  (by {entry.Actor})", StateStyle.Off);
        context.Host.Console.Write(line.Append("\n"));
        context.Host.Out.Flush();
    }

    /// <summary>The message, less what the line already says.</summary>
    private static string Message(EventEntry entry)
    {
        var change = $"{entry.From} -> {entry.To}";
        return entry.Message.StartsWith(change, StringComparison.Ordinal) ? entry.Message[change.Length..].Trim() : entry.Message;
    }

    private static Style StyleOf(EventEntry entry) => entry.Kind switch
    {
        "state" when entry.To is "running" => StateStyle.Good,
        "state" when entry.To is "exited" or "dead" or "missing" => StateStyle.Bad,
        "drift" or "flapping" => StateStyle.Odd,
        "alert" => StateStyle.Bad,
        _ => Style.Plain,
    };
}
