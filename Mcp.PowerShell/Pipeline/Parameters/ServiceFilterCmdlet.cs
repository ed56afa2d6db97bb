using System.Management.Automation;
using Mcp.PowerShell.Completion;

namespace Mcp.PowerShell.Pipeline;

/// <summary>A cmdlet that shows services, all of them without -Service.</summary>
public abstract class ServiceFilterCmdlet : NodeFilterCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NameOf("Service", "Name")]
    [Alias("Name")]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Service { get; set; }
}
