using System.Management.Automation;
using Mcp.Core.Collections;
using Mcp.Core.Status;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "McpEvent")]
[OutputType(typeof(McpEvent))]
public sealed class GetMcpEventCmdlet : ServiceOrComponentFilterCmdlet
{
    /// <summary>state, drift, flapping, deployed, ...</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Kind { get; set; }

    /// <summary>Last ones per node, of those that are asked for.</summary>
    [Parameter]
    [Alias("Last")]
    [ValidateRange(0, int.MaxValue)]
    public int Tail { get; set; }

    [Parameter]
    [Since]
    public DateTime Since { get; set; }

    [Parameter]
    [Alias("Wait")]
    public SwitchParameter Follow { get; set; }

    private DateTimeOffset? From => MyInvocation.BoundParameters.ContainsKey(nameof(Since)) ? new DateTimeOffset(Since) : null;

    private int? Wanted => MyInvocation.BoundParameters.ContainsKey(nameof(Tail)) ? Tail : null;

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var filter = new Filter(new NamePatterns(Service), new NamePatterns(Component), new NamePatterns(Kind));

        // Before it follows, it only looks which services there are events of.
        var stored = Request(Follow ? 1 : Wanted, follow: false);
        var cut = false;
        await foreach (var (node, entries) in AskAsync(
            (client, token) => client.GetEventsAsync(stored, token).ToListAsync(token).AsTask(), cancellationToken))
        {
            cut |= entries.Count == stored.Tail;
            foreach (var entry in entries.Where(filter.Match))
            {
                if (!Follow)
                    WriteObject(entry.ToObject(node.Name));
            }
        }
        // What the tail has cut off may have told of a service that is gone by now.
        if (!cut || Follow)
            await ReportMissingAsync(filter.Services, cancellationToken);
        if (!Follow)
            return;

        await foreach (var (node, entry) in StreamAsync(
            (client, token) => client.GetEventsAsync(Request(Wanted, follow: true), token), cancellationToken))
        {
            if (filter.Match(entry))
                WriteObject(entry.ToObject(node.Name));
        }
    }

    /// <summary>The agent narrows by the same patterns, so that only what is shown travels.</summary>
    private EventRequest Request(int? tail, bool follow) => new(Since: From, Tail: tail, Follow: follow)
    {
        Services = (Service ?? []).ToValueList(),
        Components = (Component ?? []).ToValueList(),
        Kinds = (Kind ?? []).ToValueList(),
    };

    private sealed record Filter(NamePatterns Services, NamePatterns Components, NamePatterns Kinds)
    {
        // Nodes are read at the same time, and patterns remember what they matched.
        private readonly Lock _gate = new();

        public bool Match(EventEntry entry)
        {
            lock (_gate)
                return Services.Match(entry.Service) && Components.Match(entry.Component) && Kinds.Match(entry.Kind);
        }
    }
}
