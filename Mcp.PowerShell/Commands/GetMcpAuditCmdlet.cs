using System.Management.Automation;
using Mcp.Core.Client;
using Mcp.Core.Status;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "McpAudit")]
[OutputType(typeof(McpAuditEntry))]
public sealed class GetMcpAuditCmdlet : ServiceFilterCmdlet
{
    /// <summary>Last ones per node, of those that are asked for.</summary>
    [Parameter]
    [Alias("Last")]
    [ValidateRange(0, int.MaxValue)]
    public int Tail { get; set; }

    [Parameter]
    [Since]
    public DateTime Since { get; set; }

    private DateTimeOffset? From => MyInvocation.BoundParameters.ContainsKey(nameof(Since)) ? new DateTimeOffset(Since) : null;

    private int? Wanted => MyInvocation.BoundParameters.ContainsKey(nameof(Tail)) ? Tail : null;

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var services = new NamePatterns(Service);
        await foreach (var (node, entries) in AskAsync(
            (client, token) => ReadAsync(client, new NamePatterns(Service), token), cancellationToken))
        {
            foreach (var entry in entries)
            {
                services.Match(entry.Service);
                WriteObject(entry.ToObject(node.Name));
            }
        }
        await ReportMissingAsync(services, cancellationToken);
    }

    /// <summary>Wildcards are ours, so a tail of what they choose is cut here.</summary>
    private async Task<IReadOnlyCollection<AuditEntry>> ReadAsync(
        AgentClient client, NamePatterns services, CancellationToken cancellationToken)
    {
        var kept = new Queue<AuditEntry>();
        await foreach (var entry in client.GetAuditAsync(new(Since: From, Tail: services.IsAll ? Wanted : null), cancellationToken))
        {
            if (!services.Match(entry.Service))
                continue;
            kept.Enqueue(entry);
            if (kept.Count > Wanted)
                kept.Dequeue();
        }
        return kept;
    }
}
