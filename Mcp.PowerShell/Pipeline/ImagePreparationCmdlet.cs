using Mcp.Core.Client;
using Mcp.Core.Client.Images;

namespace Mcp.PowerShell.Pipeline;

/// <summary>A cmdlet that gets images to where nodes find them. What one call has built it does not build again for another
/// service.</summary>
public abstract class ImagePreparationCmdlet : SettingsCmdlet
{
    private Fleet? _fleet;
    private ImagePreparation? _preparation;

    private protected Fleet Fleet => _fleet ??= new(Workstation.Nodes, new AgentClientOptions());

    private protected ImagePreparation Preparation => _preparation ??= new(Workstation, Fleet);

    /// <summary>An engine that is stopped in the middle of a build removes what is incomplete.</summary>
    private protected override TimeSpan TidyUpLimit => TimeSpan.FromSeconds(10);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;
        _preparation?.Dispose();
        _fleet?.Dispose();
    }

    /// <summary>The services that are meant, and the literals that have no file: reading those says best why.</summary>
    private protected IEnumerable<string> Defined(string[] written)
    {
        var patterns = new NamePatterns(written);
        return [.. Services.Names().Where(patterns.Match), .. patterns.Missing];
    }
}
