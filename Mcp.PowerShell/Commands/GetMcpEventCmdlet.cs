using System.Collections.Concurrent;
using System.Management.Automation;
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

        // A tail of what is asked for can only be cut where the filter is: so what is stored comes first, then what is new.
        var last = new ConcurrentDictionary<string, EventEntry>();
        await foreach (var (node, entries) in AskAsync(
            (client, token) => StoredAsync(client.GetEventsAsync(Request(filter, false, From), token), filter, token), cancellationToken))
        {
            if (entries.Last is not null)
                last[node.Name] = entries.Last;
            foreach (var entry in entries.Wanted)
                WriteObject(entry.ToObject(node.Name));
        }
        await ReportMissingAsync(filter.Services, cancellationToken);
        if (!Follow)
            return;

        // From the node's own last time on, as its clock need not be ours; what was shown is known by its id.
        await foreach (var (node, entry) in StreamAsync(
            (client, token) => client.GetEventsAsync(Request(filter, true, last.GetValueOrDefault(client.Node.Name)?.At ?? From), token), cancellationToken))
        {
            if (entry.Id > (last.GetValueOrDefault(node.Name)?.Id ?? 0) && filter.Match(entry))
                WriteObject(entry.ToObject(node.Name));
        }
    }

    private static EventRequest Request(Filter filter, bool follow, DateTimeOffset? since) => new(filter.Services.Single, since, Tail: null, Follow: follow);

    private async Task<(IReadOnlyCollection<EventEntry> Wanted, EventEntry? Last)> StoredAsync(
        IAsyncEnumerable<EventEntry> entries, Filter filter, CancellationToken cancellationToken)
    {
        var kept = new Queue<EventEntry>();
        EventEntry? last = null;
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            last = entry;
            if (!filter.Match(entry))
                continue;
            kept.Enqueue(entry);
            if (kept.Count > Wanted)
                kept.Dequeue();
        }
        return (kept, last);
    }

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
