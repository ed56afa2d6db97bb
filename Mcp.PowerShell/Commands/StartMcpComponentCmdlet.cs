using System.Management.Automation;
using Mcp.Core.Operations;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Start, "McpComponent", SupportsShouldProcess = true)]
[OutputType(typeof(McpComponent))]
public sealed class StartMcpComponentCmdlet : ComponentStateCmdlet
{
    private protected override OperationKind Kind => OperationKind.Start;
}
