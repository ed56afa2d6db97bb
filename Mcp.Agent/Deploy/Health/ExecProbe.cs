using Mcp.Core.Containers;

namespace Mcp.Agent.Deploy.Health;

/// <summary>A command in the container; exit code 0 is well.</summary>
internal sealed class ExecProbe(IContainerRuntime runtime, string container, IReadOnlyList<string> command) : IHealthProbe
{
    public string Question => $"`{command[0]}`";

    public async Task<ProbeAnswer> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            var result = await runtime.ExecAsync(container, command, cancellationToken);
            return new(result.ExitCode == 0, $"{Question} ended with exit code {result.ExitCode}{AnswerText.Quote(result.Output)}");
        }
        catch (EngineException e) when (e.Error is EngineError.Failed or EngineError.NotFound)
        {
            // No such program, or the container has just ended: bad in any case, and the gate looks which.
            return new(false, $"{Question} could not be run{AnswerText.Quote(e.Message)}");
        }
    }
}
