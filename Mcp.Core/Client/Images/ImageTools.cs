using Mcp.Core.Client.Workstation;
using Mcp.Core.Images;
using Mcp.Core.Images.Building;
using Mcp.Core.Images.Credentials;

namespace Mcp.Core.Client.Images;

/// <summary>What work on images is done with.</summary>
public sealed record ImageTools
{
    /// <summary>Finds the workstation's engine; asked for when there is something to build, push or send.</summary>
    public required Func<IImageBuilder> Builder { get; init; }

    public required ImageRegistryClient Registry { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The real ones, as the config says.</summary>
    public static ImageTools For(WorkstationConfig config)
    {
        var time = TimeProvider.System;
        return new()
        {
            Builder = () => new EngineImageBuilder(ContainerEngineCommand.Find(config.Engine?.Value), time),
            Registry = new(Settings(config), new(CredentialSources.FromEnvironment(), time), time),
            Time = time,
        };
    }

    internal static ImageRegistrySettings Settings(WorkstationConfig config) => new()
    {
        Hosts = config.Registry.Hosts.ToDictionary(h => h.Host, h => new ImageRegistryHost(h.Insecure, h.CaFile)),
        ConfigFile = config.File.Value,
        Engine = EngineName(config),
    };

    /// <summary>For remedies, where an engine that is missing is not the point.</summary>
    private static string EngineName(WorkstationConfig config)
    {
        try
        {
            return ContainerEngineCommand.Find(config.Engine?.Value).Name;
        }
        catch (ImageBuildException)
        {
            return "podman";
        }
    }
}
