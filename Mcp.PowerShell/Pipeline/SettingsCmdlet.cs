using System.Management.Automation;
using Mcp.Core.Client.Workstation;

namespace Mcp.PowerShell.Pipeline;

/// <summary>A cmdlet whose parameters go over what environment and config file say about definitions, builds and image
/// registries.</summary>
public abstract class SettingsCmdlet : McpCmdlet
{
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ServicesDirectory { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Workspace { get; set; }

    /// <summary>podman, docker, or the path of one of them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Engine { get; set; }

    /// <summary>host[:port][/path].</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Registry { get; set; }

    [Parameter]
    [ValidateSet("oci", "none", IgnoreCase = true)]
    public string? RegistryKind { get; set; }

    private protected override WorkstationOverrides Overrides => new()
    {
        ServicesDirectory = ServicesDirectory is null ? null : new(FullPath(ServicesDirectory), "-ServicesDirectory"),
        Workspace = Workspace is null ? null : new(FullPath(Workspace), "-Workspace"),
        Engine = Engine is null ? null : new(Engine, "-Engine"),
        Registry = Registry is null ? null : new(Registry, "-Registry"),
        RegistryKind = RegistryKind is null ? null : new(RegistryKind.ToLowerInvariant(), "-RegistryKind"),
    };
}
