using System.Management.Automation;
using Mcp.Core.Client;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Invoke, "McpDeploy", SupportsShouldProcess = true, DefaultParameterSetName = ByService)]
[OutputType(typeof(McpDeployResult))]
public sealed class InvokeMcpDeployCmdlet : DeployCmdlet
{
    /// <summary>While another operation has the service: wait for it.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    private protected override bool Waits => Wait;

    private bool IsWhatIf => MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given)
        ? LanguagePrimitives.IsTrue(given)
        : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference", false));

    private protected override async Task CarryOutAsync(DeployPipeline pipeline, PreparedDeploy deploy, CancellationToken cancellationToken)
    {
        if (IsWhatIf)
            await SayAsync(pipeline, deploy, cancellationToken);
        else if (ShouldProcess($"{Name(deploy)} on {deploy.Node.Name}", $"Deploy {Images(deploy)}"))
            await DeployAsync(pipeline, deploy, cancellationToken);
    }

    /// <summary>Each line goes through ShouldProcess, which is who says "What if:", and is never carried out whatever it answers.</summary>
    private async Task SayAsync(DeployPipeline pipeline, PreparedDeploy deploy, CancellationToken cancellationToken)
    {
        if (await PreviewAsync(pipeline, deploy, cancellationToken) is not { } preview)
            return;
        foreach (var line in PlanText.Of(preview))
            ShouldProcess(line, line, "");
    }

    private static string Images(PreparedDeploy deploy) => string.Join(", ",
        deploy.Definition.Components.Where(c => deploy.Component is null || c.Name == deploy.Component).Select(c => c.Image));

    private async Task DeployAsync(DeployPipeline pipeline, PreparedDeploy deploy, CancellationToken cancellationToken)
    {
        var done = await FollowAsync(
            $"Deploying {Name(deploy)} to {deploy.Node.Name}", deploy.Node.Name, "looking for its images",
            token => pipeline.RunAsync(deploy, token),
            error => Target(error, deploy), state => state.ToObject(deploy.Definition.Name), cancellationToken);
        if (done is not null)
            WriteObject(done.ToObject(deploy.Definition.Name));
    }
}
