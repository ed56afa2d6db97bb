using System.Management.Automation;
using Mcp.Core.Client;
using Mcp.Core.Operations;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Restart, "McpComponent", SupportsShouldProcess = true)]
[OutputType(typeof(McpComponent))]
public sealed class RestartMcpComponentCmdlet : ComponentActionCmdlet
{
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string Action => "Restart component";

    private protected override string Doing => "Restarting";

    private protected override bool WantsObjects => PassThru;

    private protected override IAsyncEnumerable<OperationUpdate> Operate(
        AgentClient client, string service, string component, CancellationToken cancellationToken) =>
        client.RestartAsync(service, component, Wait, cancellationToken);
}
