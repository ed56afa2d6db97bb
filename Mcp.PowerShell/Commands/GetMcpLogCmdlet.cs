using System.Management.Automation;
using System.Runtime.CompilerServices;
using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Status;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "McpLog")]
[OutputType(typeof(McpLogLine))]
public sealed class GetMcpLogCmdlet : ComponentOfServiceCmdlet
{
    /// <summary>Last lines per component; otherwise all.</summary>
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

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var services = new NamePatterns(Service);
        var components = new NamePatterns(Component);
        var sources = new List<Func<CancellationToken, IAsyncEnumerable<NodeResult<LogEntry>>>>();
        await foreach (var (node, service, found) in FindAsync(services, components, cancellationToken))
        {
            var client = FleetOf([node]).Client(node);

            // One stream for a whole service, for the agent to put its lines in order of time.
            string?[] asked = found.Count == service.Components.Count ? [null] : [.. found.Select(c => c.Component)];
            sources.AddRange(asked.Select(component => Source(client, Request(service.Name, component))));
        }
        ReportMissing(services, components);

        await foreach (var line in Background.Each(sources, cancellationToken))
        {
            if (line.Error is { } error)
                WriteError(error, line.Node.Name);
            else
                WriteObject(line.Value!.ToObject(line.Node.Name));
        }
    }

    private static Func<CancellationToken, IAsyncEnumerable<NodeResult<LogEntry>>> Source(AgentClient client, LogRequest request) =>
        token => ReadAsync(client.Node, client.GetLogsAsync(request, token), token);

    /// <summary>A stream that breaks is one more item, so that the others continue.</summary>
    private static async IAsyncEnumerable<NodeResult<LogEntry>> ReadAsync(
        NodeConfig node, IAsyncEnumerable<LogEntry> lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var line = lines.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            NodeResult<LogEntry> result;
            try
            {
                if (!await line.MoveNextAsync())
                    yield break;
                result = new(node, line.Current, null);
            }
            catch (McpException e)
            {
                result = new(node, null, e);
            }
            yield return result;
            if (!result.Succeeded)
                yield break;
        }
    }

    private LogRequest Request(string service, string? component) => new(
        service, component,
        MyInvocation.BoundParameters.ContainsKey(nameof(Tail)) ? Tail : null,
        MyInvocation.BoundParameters.ContainsKey(nameof(Since)) ? new DateTimeOffset(Since) : null,
        Follow);
}
