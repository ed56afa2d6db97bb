using System.Management.Automation;
using Mcp.Core.Operations;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Stop, "McpComponent", SupportsShouldProcess = true)]
[OutputType(typeof(McpComponent))]
public sealed class StopMcpComponentCmdlet : ComponentActionCmdlet
{
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override OperationKind Kind => OperationKind.Stop;

    private protected override bool WantsObjects => PassThru;
}
