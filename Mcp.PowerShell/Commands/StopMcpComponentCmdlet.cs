using System.Management.Automation;
using Mcp.Core.Client;
using Mcp.Core.Operations;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Stop, "McpComponent", SupportsShouldProcess = true)]
[OutputType(typeof(McpComponent))]
public sealed class StopMcpComponentCmdlet : ComponentActionCmdlet
{
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string Action => "Stop component";

    private protected override string Doing => "Stopping";

    private protected override bool WantsObjects => PassThru;

    private protected override IAsyncEnumerable<OperationUpdate> Operate(
        AgentClient client, string service, string component, CancellationToken cancellationToken) =>
        client.StopAsync(service, component, Wait, cancellationToken);
}
