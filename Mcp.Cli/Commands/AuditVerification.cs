using System.Globalization;
using Mcp.Cli.Output;
using Mcp.Core.Client;
using Mcp.Core.Status;
using Spectre.Console;

namespace Mcp.Cli.Commands;

/// <summary>mcp audit --verify</summary>
internal static class AuditVerification
{
    /// <param name="expected">A hash that the audit of one of the nodes had; empty: none is known.</param>
    public static async Task<int> RunAsync(CommandContext context, string expected, CancellationToken cancellationToken)
    {
        var (checks, errors) = await FleetAnswers.GatherAsync(
            context, (agent, token) => agent.VerifyAuditAsync(expected, token), cancellationToken);
        if (context.Json)
            JsonOutput.WriteList(context.Host.Out, checks.Select(c => JsonOutput.Of(c.Node, c.Value)));
        else
            foreach (var (node, check) in checks.Where(c => c.Value.IsIntact))
                context.Host.Console.Write(new Text(Describe(node, check)));
        List<McpException> problems = [.. checks.Where(c => !c.Value.IsIntact).Select(c => new McpException(
            ErrorKind.OperationFailed, "audit-changed", $"the audit is not as it was written: {c.Value.Problem}",
            "find out who can write the agent's data directory; a backup of before shows what is missing", c.Node))];
        problems.ForEach(context.Report);
        return ExitCode.Of([.. errors, .. problems]);
    }

    private static string Describe(string node, AuditCheck check) => check.From is not { } from ? $"{node}: no entries\n"
        : string.Create(CultureInfo.InvariantCulture,
            $"{node}: {check.Entries} entries since {from:yyyy-MM-dd} are as they were written\n  hash of the newest: {check.Hash}\n");
}
