using System.Management.Automation;
using Mcp.Core.Operations;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsCommon.Remove, "McpComponent", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveMcpComponentCmdlet : ComponentActionCmdlet
{
    private protected override OperationKind Kind => OperationKind.Undeploy;

    private protected override string Action => "Remove component, its container and its ports";
}
