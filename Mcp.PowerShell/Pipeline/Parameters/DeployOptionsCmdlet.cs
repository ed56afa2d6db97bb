using System.Management.Automation;
using Mcp.Core.Planning;

namespace Mcp.PowerShell.Pipeline;

/// <summary>A cmdlet that deploys, or plans to.</summary>
public abstract class DeployOptionsCmdlet : ImagePreparationCmdlet
{
    /// <summary>Whether the node pulls images: always, those that are missing (the default), or never.</summary>
    [Parameter]
    [ValidateSet("always", "missing", "never", IgnoreCase = true)]
    public string? Pull { get; set; }

    /// <summary>An image that is missing is an error.</summary>
    [Parameter]
    public SwitchParameter SkipBuild { get; set; }

    /// <summary>Replace also what is unchanged.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Replace also containers that another agent, or a person, made under the names that this needs.</summary>
    [Parameter]
    public SwitchParameter TakeOver { get; set; }

    private protected virtual bool Waits => false;

    private protected OperationOptions Options => new()
    {
        Images = new() { Pull = Pull is null ? PullPolicy.Missing : Enum.Parse<PullPolicy>(Pull, ignoreCase: true) },
        Build = !SkipBuild,
        Force = Force,
        TakeOver = TakeOver,
        Wait = Waits,
    };
}
