using System.Management.Automation;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "McpNode")]
[OutputType(typeof(McpNode))]
public sealed class GetMcpNodeCmdlet : NodeNameCmdlet
{
    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (var node in SelectNodes())
            WriteObject(node.ToObject());
        return Task.CompletedTask;
    }
}
