using Mcp.Core.Containers;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy.Health;

/// <summary>One way of asking a container whether it is well.</summary>
internal interface IHealthProbe
{
    /// <summary>"GET http://127.0.0.1:31022/healthz": what is asked, for the case that nothing answers.</summary>
    string Question { get; }

    /// <summary>Whatever the container does is an answer; only the engine's failures are thrown.</summary>
    Task<ProbeAnswer> AskAsync(CancellationToken cancellationToken);
}

/// <param name="Text">Question and answer, as people read them.</param>
internal sealed record ProbeAnswer(bool IsGood, string Text);

/// <summary>What to ask a started container; all of them have to answer well.</summary>
internal delegate IReadOnlyList<IHealthProbe> ProbeSource(HealthCheck check, ContainerInfo container);
