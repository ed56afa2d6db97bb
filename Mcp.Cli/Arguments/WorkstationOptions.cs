using System.CommandLine;
using Mcp.Core.Client.Workstation;

namespace Mcp.Cli.Arguments;

/// <summary>Settings of mcp.toml that may be given on the command line instead, on the commands that they mean something to.</summary>
internal sealed class WorkstationOptions
{
    private readonly Option<string?> _services =
        new("--services") { Description = "The folder of definitions (else MCP_SERVICES_DIR, [services] dir)", HelpName = "folder" };
    private readonly Option<string?> _workspace =
        new("--workspace") { Description = "The folder that holds the sources (else MCP_BUILD_WORKSPACE, [build] workspace)",
            HelpName = "folder" };
    private readonly Option<string?> _engine =
        new("--engine") { Description = "podman, docker or the path of one of them (else MCP_BUILD_ENGINE, [build] engine)",
            HelpName = "engine" };
    private readonly Option<string?> _registry =
        new("--registry") { Description = "The image registry (else MCP_REGISTRY_ADDRESS, [registry] address)", HelpName = "host[:port]" };
    private readonly Option<string?> _registryKind =
        new("--registry-kind") { Description = "oci, or none: images go straight to the node (else MCP_REGISTRY_KIND, [registry] kind)",
            HelpName = "kind" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option<string?>[])[_services, _workspace, _engine, _registry, _registryKind])
            command.Add(option);
    }

    public WorkstationOverrides Read(ParseResult arguments) => new()
    {
        ServicesDirectory = Given(arguments, _services),
        Workspace = Given(arguments, _workspace),
        Engine = Given(arguments, _engine),
        Registry = Given(arguments, _registry),
        RegistryKind = Given(arguments, _registryKind),
    };

    // Asked by the option itself: a command that does not take it has no value for it.
    private static Setting<string>? Given(ParseResult arguments, Option<string?> option) =>
        arguments.GetResult(option) is not null && arguments.GetValue(option) is { Length: > 0 } value ? new(value, option.Name) : null;
}
