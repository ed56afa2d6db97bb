using System.Management.Automation;
using Mcp.PowerShell.Completion;

namespace Mcp.PowerShell.Pipeline;

/// <summary>A cmdlet whose -Node narrows down what is meant; without it all nodes are asked.</summary>
public abstract class NodeFilterCmdlet : NodeCmdlet
{
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Node { get; set; }

    private protected sealed override string[]? NodeNames => Node;
}
