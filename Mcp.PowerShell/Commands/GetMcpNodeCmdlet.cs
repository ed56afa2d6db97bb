using System.Management.Automation;
using Mcp.PowerShell.Completion;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "McpNode")]
[OutputType(typeof(McpNode))]
public sealed class GetMcpNodeCmdlet : NodeCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NameOf("Node", "Name")]
    [Alias("Name")]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Node { get; set; }

    private protected override string[]? NodeNames => Node;

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (var node in SelectNodes())
            WriteObject(node.ToObject());
        return Task.CompletedTask;
    }
}
