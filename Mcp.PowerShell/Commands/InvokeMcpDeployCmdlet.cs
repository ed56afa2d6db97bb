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
        var report = new OperationReport(this, $"Deploying {Name(deploy)} to {deploy.Node.Name}");
        report.Begin("looking for its images");
        try
        {
            await foreach (var update in Background.Each(token => pipeline.RunAsync(deploy, token), cancellationToken))
                report.Show(update);
        }
        catch (McpException e)
        {
            report.Close();
            WriteError(e, Target(e, deploy));
            return;
        }
        report.Close();
        var result = report.Result(deploy.Definition.Name, deploy.Node.Name);
        if (report.Failure(deploy.Node.Name) is { } failure)
            WriteError(failure, result);
        else
            WriteObject(result);
    }
}
