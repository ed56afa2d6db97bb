using Mcp.Agent.Node;
using Mcp.Core.Containers.Engine;

namespace Mcp.Agent.Hosting;

/// <summary>The engine of this machine, as configured.</summary>
internal static class ConfiguredEngine
{
    public static async Task<OpenEngine> FindAsync(EngineConfig config, DataDirectory data, Action<string> log, TimeProvider time, CancellationToken cancellationToken)
    {
        var settings = new EngineSettings
        {
            Kind = config.Kind switch { "podman" => EngineKind.Podman, "docker" => EngineKind.Docker, _ => EngineKind.Auto },
            Socket = config.Socket,
            DataDirectory = data.Root,
        };
        var engine = await ContainerEngine.OpenAsync(settings, log, time, cancellationToken);
        return new(engine.Runtime, $"{engine.Info.Name} {engine.Info.Version} at {engine.SocketPath} ({engine.Origin})", engine);
    }
}
