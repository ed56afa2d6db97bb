using Mcp.Core.Containers;

namespace Mcp.Agent.Deploy.Health;

/// <summary>The image's own HEALTHCHECK. The engine's word for it counts when it is good; else the check is run here and now: the engine's
/// own interval is half a minute by default, and podman runs none without systemd.</summary>
internal sealed class ImageProbe(IContainerRuntime runtime, string container, ContainerHealthCheck check) : IHealthProbe
{
    private readonly ExecProbe _check = new(runtime, container, check.Command);

    public string Question => $"the image's health check {_check.Question}";

    public async Task<ProbeAnswer> AskAsync(CancellationToken cancellationToken)
    {
        if (await runtime.InspectAsync(container, cancellationToken) is { HealthCheck.Status: "healthy" })
            return new(true, "the engine calls it healthy");
        var answer = await _check.AskAsync(cancellationToken);
        return answer with { Text = "the image's health check " + answer.Text };
    }
}
