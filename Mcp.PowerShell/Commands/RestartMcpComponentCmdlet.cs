using System.Management.Automation;
using Mcp.Core.Operations;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Restart, "McpComponent", SupportsShouldProcess = true)]
[OutputType(typeof(McpComponent))]
public sealed class RestartMcpComponentCmdlet : ComponentStateCmdlet
{
    private protected override OperationKind Kind => OperationKind.Restart;
}
