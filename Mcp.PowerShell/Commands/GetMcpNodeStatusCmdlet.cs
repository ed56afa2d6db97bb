using System.Management.Automation;
using Mcp.PowerShell.Completion;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "McpNodeStatus")]
[OutputType(typeof(McpNodeStatus))]
public sealed class GetMcpNodeStatusCmdlet : NodeCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NameOf("Node", "Name")]
    [Alias("Name")]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Node { get; set; }

    private protected override string[]? NodeNames => Node;

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        await foreach (var (node, status) in AskAsync((client, token) => client.GetNodeStatusAsync(token), cancellationToken))
            WriteObject(status.ToObject(node.Name));
    }
}
