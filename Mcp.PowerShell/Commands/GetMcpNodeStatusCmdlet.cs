using System.Management.Automation;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "McpNodeStatus")]
[OutputType(typeof(McpNodeStatus))]
public sealed class GetMcpNodeStatusCmdlet : NodeNameCmdlet
{
    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        await foreach (var (node, status) in AskAsync((client, token) => client.GetNodeStatusAsync(token), cancellationToken))
            WriteObject(status.ToObject(node.Name));
    }
}
