using System.Management.Automation;

namespace Mcp.PowerShell.Pipeline;

/// <summary>Start, Stop, Restart.</summary>
public abstract class ComponentStateCmdlet : ComponentActionCmdlet
{
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected sealed override bool WantsObjects => PassThru;
}
