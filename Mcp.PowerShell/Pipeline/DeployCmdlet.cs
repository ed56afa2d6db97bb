using System.Management.Automation;
using Mcp.Core.Client;
using Mcp.PowerShell.Completion;

namespace Mcp.PowerShell.Pipeline;

/// <summary>Deploy and plan: both choose in the same way what is meant, so that a plan shows what a deploy with the same parameters would
/// do.</summary>
public abstract class DeployCmdlet : DeployOptionsCmdlet
{
    private protected const string ByService = "Service";
    private protected const string ByPath = "Path";

    /// <summary>Services that have a file in the services folder.</summary>
    [Parameter(
        ParameterSetName = ByService, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
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

    private protected sealed override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var pipeline = new DeployPipeline(Workstation, Services, Fleet, Preparation);

        // All are read before the first is sent: a mistake in the last file is best known before the first service has changed.
        var prepared = new List<PreparedDeploy>();
        foreach (var (order, target) in ParameterSetName == ByPath ? OrdersByPath() : OrdersByService())
        {
            try
            {
                prepared.Add(pipeline.Prepare(order with { Options = Options }));
            }
            catch (McpException e)
            {
                WriteError(e, target);
            }
        }
        foreach (var deploy in prepared)
            await CarryOutAsync(pipeline, deploy, cancellationToken);
    }

    private protected abstract Task CarryOutAsync(DeployPipeline pipeline, PreparedDeploy deploy, CancellationToken cancellationToken);

    /// <summary>Asks; nothing is changed. null: it can't be known, and the error is written.</summary>
    private protected async Task<DeployPreview?> PreviewAsync(
        DeployPipeline pipeline, PreparedDeploy deploy, CancellationToken cancellationToken)
    {
        try
        {
            var preview = await Background.Ask(token => pipeline.PlanAsync(deploy, token), cancellationToken);
            foreach (var warning in preview.Warnings)
                WriteWarning(warning);
            return preview;
        }
        catch (McpException e)
        {
            WriteError(e, Target(e, deploy));
            return null;
        }
    }

    private protected static string Name(PreparedDeploy deploy) =>
        deploy.Component is null ? deploy.Definition.Name : $"{deploy.Definition.Name}/{deploy.Component}";

    private protected static string Target(McpException error, PreparedDeploy deploy) =>
        error.Kind == ErrorKind.Unreachable && error.Node is not null ? deploy.Node.Name : deploy.Definition.Name;

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
}
