using System.Management.Automation;
using Mcp.PowerShell.Completion;

namespace Mcp.PowerShell.Pipeline;

/// <summary>A cmdlet about the images of services.</summary>
public abstract class ImageCmdlet : ImagePreparationCmdlet
{
    /// <summary>Services that have a file in the services folder.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NameOf("Service", "Name", Required = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(DefinitionNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Service { get; set; }
}
