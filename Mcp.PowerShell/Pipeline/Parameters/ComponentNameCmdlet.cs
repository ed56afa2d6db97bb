using System.Management.Automation;
using Mcp.PowerShell.Completion;

namespace Mcp.PowerShell.Pipeline;

/// <summary>A cmdlet about components: their names, or objects with a component, come from the pipeline.</summary>
public abstract class ComponentNameCmdlet : NodeFilterCmdlet
{
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NameOf("Component", "Name")]
    [Alias("Name")]
    [ArgumentCompleter(typeof(ComponentNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Component { get; set; }
}

/// <summary>And the service may be left out: all of them.</summary>
public abstract class ComponentFilterCmdlet : ComponentNameCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Service { get; set; }
}

/// <summary>And the service must be named.</summary>
public abstract class ComponentOfServiceCmdlet : ComponentNameCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Service { get; set; }
}
