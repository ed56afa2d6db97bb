using System.Management.Automation;
using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;
using Mcp.PowerShell.Completion;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Invoke, "McpDeploy", SupportsShouldProcess = true, DefaultParameterSetName = ByService)]
[OutputType(typeof(McpDeployResult))]
public sealed class InvokeMcpDeployCmdlet : SupplyCmdlet
{
    private const string ByService = "Service";
    private const string ByPath = "Path";

    /// <summary>Services that have a file in the services folder.</summary>
    [Parameter(ParameterSetName = ByService, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DefinitionNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Service { get; set; }

    /// <summary>Definition files, wherever they are.</summary>
    [Parameter(ParameterSetName = ByPath, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "File")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ComponentNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Component { get; set; }

    /// <summary>Otherwise the definition's own, or the only one there is.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Node { get; set; }

    /// <summary>Whether the node pulls images: always, those that are missing (so unless told otherwise), or never.</summary>
    [Parameter]
    [ValidateSet("always", "missing", "never", IgnoreCase = true)]
    public string? Pull { get; set; }

    /// <summary>An image that is missing is an error.</summary>
    [Parameter]
    public SwitchParameter SkipBuild { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var pipeline = new DeployPipeline(Workstation, Services, Fleet, Supply);

        // All are read before the first is sent: a mistake in the last file is best known before the first service has changed.
        var prepared = new List<PreparedDeploy>();
        foreach (var (order, target) in ParameterSetName == ByPath ? OrdersByPath() : OrdersByService())
        {
            try
            {
                prepared.Add(pipeline.Prepare(order with { Pull = Policy(Pull), Build = !SkipBuild }));
            }
            catch (McpException e)
            {
                WriteError(e, target);
            }
        }
        foreach (var deploy in prepared)
        {
            if (ShouldProcess($"{Name(deploy)} on {deploy.Node.Name}", $"Deploy {Images(deploy)}"))
                await DeployAsync(pipeline, deploy, cancellationToken);
        }
    }

    private static string Name(PreparedDeploy deploy) =>
        deploy.Component is null ? deploy.Definition.Name : $"{deploy.Definition.Name}/{deploy.Component}";

    private static string Images(PreparedDeploy deploy) => string.Join(", ",
        deploy.Definition.Components.Where(c => deploy.Component is null || c.Name == deploy.Component).Select(c => c.Image));

    private IEnumerable<(DeployOrder Order, string Target)> OrdersByPath()
    {
        foreach (var written in Path!)
        {
            foreach (var file in Files(written))
                yield return (new DeployOrder(null, Component, file, Node), file);
        }
    }

    private IEnumerable<(DeployOrder Order, string Target)> OrdersByService() =>
        Defined(Service!).Select(name => (new DeployOrder(name, Component, null, Node), name));

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
            WriteError(e, e.Kind == ErrorKind.Unreachable && e.Node is not null ? deploy.Node.Name : deploy.Definition.Name);
            return;
        }
        report.Close();
        var result = Result(report, deploy);
        if (report.Failure(deploy.Node.Name) is { } failure)
            WriteError(failure, result);
        else
            WriteObject(result);
    }

    private static McpDeployResult Result(OperationReport report, PreparedDeploy deploy) => new()
    {
        Service = deploy.Definition.Name,
        Node = deploy.Node.Name,
        Outcome = report.Outcome.Word(),
        OperationId = report.OperationId,
        Elapsed = report.Elapsed,
        Images = report.Images,
        Steps = report.Steps,
        Components = [.. report.Components.Select(c => c.ToObject(deploy.Node.Name))],
        Warnings = report.Warnings,
    };
}
