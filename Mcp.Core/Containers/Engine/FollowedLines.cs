namespace Mcp.Core.Containers.Engine;

/// <summary>
/// How far a log was followed, so that new lines can be told from those already returned. Lines of one stream are in order of time; several
/// may share a moment.
/// </summary>
internal sealed class FollowedLines(DateTimeOffset began)
{
    private readonly (DateTimeOffset At, int Count)[] _last = [(DateTimeOffset.MinValue, 0), (DateTimeOffset.MinValue, 0)];

    /// <summary>From here on the log holds everything that may be missing; engines differ in whether that moment is included.</summary>
    public DateTimeOffset Since =>
        _last.Select(l => l.At).Where(at => at > DateTimeOffset.MinValue).DefaultIfEmpty(began).Min().AddTicks(-1);

    public void Add(ContainerLogLine line)
    {
        ref var last = ref _last[line.IsError ? 1 : 0];
        last = (line.At, line.At == last.At ? last.Count + 1 : 1);
    }

    /// <summary>The lines of a log read from <see cref="Since"/> that have not been returned yet.</summary>
    public IEnumerable<ContainerLogLine> Missing(IEnumerable<ContainerLogLine> rest)
    {
        var given = _last.Select(l => l.Count).ToArray();
        foreach (var line in rest)
        {
            var stream = line.IsError ? 1 : 0;
            if (line.At > _last[stream].At || (line.At == _last[stream].At && --given[stream] < 0))
                yield return line;
        }
    }
}
