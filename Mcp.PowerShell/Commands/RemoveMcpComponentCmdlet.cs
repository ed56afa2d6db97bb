using System.Management.Automation;
using Mcp.Core.Client;
using Mcp.Core.Operations;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsCommon.Remove, "McpComponent", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveMcpComponentCmdlet : ComponentActionCmdlet
{
    private protected override string Action => "Remove component, its container and its ports";

    private protected override string Doing => "Removing";

    private protected override IAsyncEnumerable<OperationUpdate> Operate(
        AgentClient client, string service, string component, CancellationToken cancellationToken) =>
        client.UndeployAsync(service, component, Wait, cancellationToken);
}
