using System.CommandLine;
using System.Globalization;
using Mcp.Cli.Arguments;
using Mcp.Cli.Output;
using Mcp.Core.Client;
using Mcp.Core.Status;
using Spectre.Console;

namespace Mcp.Cli.Commands;

internal static class AuditCommand
{
    private const int DefaultTail = 50;

    public static Command Create(CommandBinding binding)
    {
        var service =
            new Argument<string?>("service") { Description = "Only this service", Arity = ArgumentArity.ZeroOrOne }.CompletedBy(binding);
        var tail = TailOption.Create($"Only the last entries of each node (without --since: {DefaultTail})");
        var since = SinceOption.Create(binding.Host.Time);
        var verify = new Option<bool>("--verify") { Description = "Look for entries that were changed or removed, instead" };
        var expect = new Option<string?>("--expect")
        {
            Description = "With --verify: a hash that an earlier run showed, which must still be there",
            HelpName = "hash",
        };
        expect.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } hash && (hash.Length != 64 || !hash.All(char.IsAsciiHexDigitLower)))
                result.AddError($"'{hash}' is no hash: --verify shows one of 64 hex digits");
        });
        var command = new Command("audit", "Show who did what on the nodes, from where, and the outcome.")
        {
            service, tail, since, verify, expect,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(verify) is not { Implicit: false } && result.GetResult(expect) is not null)
                result.AddError("--expect goes with --verify");
        });
        binding.Bind(command, (context, cancellationToken) =>
        {
            if (context.Arguments.GetValue(verify))
                return AuditVerification.RunAsync(context, context.Arguments.GetValue(expect) ?? "", cancellationToken);
            var after = context.Arguments.GetValue(since);
            var count = context.Arguments.GetValue(tail) ?? (after is null ? DefaultTail : null);
            return RunAsync(context, new AuditRequest(context.Arguments.GetValue(service), after, count), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, AuditRequest request, CancellationToken cancellationToken)
    {
        var errors = new List<McpException>();
        var entries = new List<(string Node, AuditEntry Entry)>();
        await foreach (var result in context.FleetToAsk.StreamAsync(
            (agent, token) => agent.GetAuditAsync(request, token), cancellationToken))
        {
            if (result.Error is { } error)
            {
                errors.Add(error);
                context.Report(error);
            }
            else
            {
                entries.Add((result.Node.Name, result.Value!));
            }
        }
        var ordered = entries.OrderBy(e => e.Entry.At);
        if (context.Json)
            JsonOutput.WriteList(context.Host.Out, ordered.Select(e => JsonOutput.Of(e.Node, e.Entry)));
        else if (entries.Count > 0)
            Table(ordered, context).WriteTo(context.Host.Console, context.Width);
        else if (errors.Count == 0)
            context.Hint("Nothing was done" + (request.Service is { } name ? $" to {name}." : "."));
        return ExitCode.Of(errors);
    }

    private static TableView Table(IEnumerable<(string Node, AuditEntry Entry)> entries, CommandContext context)
    {
        var table = new TableView(
            new("AT", 95, Whole: true), new("NODE", 80), new("WHO", 100), new("ROLE", 30), new("FROM", 40), new("ACTION", 99),
            new("SERVICE", 98), new("OUTCOME", 97), new("OPERATION", 20),
            new("MESSAGE", 10));
        var withNode = context.Config.Nodes.Count > 1;
        foreach (var (node, e) in entries)
        {
            var at = TimeZoneInfo.ConvertTime(e.At, context.Host.Time.LocalTimeZone)
                .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            table.Add(
                new TableCell(at, StateStyle.Off), withNode ? node : "", new TableCell(e.Actor, StateStyle.Strong), e.Role, e.Address,
                e.Action,
                e.Component.Length > 0 ? $"{e.Service}/{e.Component}" : e.Service, new TableCell(e.Outcome, StyleOf(e.Outcome)),
                e.OperationId,
                new TableCell(e.Message.ReplaceLineEndings(" "), StateStyle.Off));
        }
        return table;
    }

    private static Style StyleOf(string outcome) => outcome switch
    {
        "succeeded" => StateStyle.Good,
        "refused" => StateStyle.Odd,
        _ => StateStyle.Bad,
    };
}
