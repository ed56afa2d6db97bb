using System.Management.Automation;
using Mcp.Core.Operations;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Stop, "McpComponent", SupportsShouldProcess = true)]
[OutputType(typeof(McpComponent))]
public sealed class StopMcpComponentCmdlet : ComponentStateCmdlet
{
    private protected override OperationKind Kind => OperationKind.Stop;
}
