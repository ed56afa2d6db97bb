using System.Management.Automation;
using Mcp.Core.Client;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "McpPlan", DefaultParameterSetName = ByService)]
[OutputType(typeof(McpPlan))]
public sealed class GetMcpPlanCmdlet : DeployCmdlet
{
    private protected override async Task CarryOutAsync(DeployPipeline pipeline, PreparedDeploy deploy, CancellationToken cancellationToken)
    {
        if (await PreviewAsync(pipeline, deploy, cancellationToken) is not { } preview)
            return;
        foreach (var component in preview.ToObjects(deploy.Definition))
            WriteObject(component);
    }
}
