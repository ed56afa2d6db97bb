using System.Management.Automation;
using Mcp.PowerShell.Completion;

namespace Mcp.PowerShell.Pipeline;

/// <summary>A cmdlet that does something to services, which must be named.</summary>
public abstract class ServiceActionCmdlet : NodeFilterCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NameOf("Service", "Name", Required = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Service { get; set; }

    /// <summary>While another operation has the service locked: wait for it.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }
}
