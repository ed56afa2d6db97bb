using System.Collections.Concurrent;
using Mcp.Agent.Deploy.Health;

namespace Mcp.Agent.Tests.Deploy.Health;

/// <summary>Answers as told, one after the other, and then always as the last time. null: never.</summary>
internal sealed class ScriptedProbe(params bool?[] answers) : IHealthProbe
{
    private readonly ConcurrentQueue<bool?> _answers = new(answers);
    private bool? _last;

    public int Asked { get; private set; }

    public string Question => "are you well?";

    public async Task<ProbeAnswer> AskAsync(CancellationToken cancellationToken)
    {
        Asked++;
        if (_answers.TryDequeue(out var next))
            _last = next;
        if (_last is null)
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        return new(_last!.Value, $"are you well? {(_last.Value ? "yes" : "no")} ({Asked})");
    }
}
