using System.Globalization;
using System.Text.RegularExpressions;

namespace Mcp.Core.Images.Building;

/// <summary>Makes sense of a build's lines, whichever builder writes them: podman (buildah), docker's classic builder, or BuildKit with
/// plain progress. Their forms don't overlap.</summary>
internal sealed partial class BuildOutputReader
{
    private const int TailLength = 20;

    private readonly List<Entry> _steps = [];
    private readonly Dictionary<string, Entry> _vertices = [];
    private readonly Queue<string> _tail = new();
    private readonly HashSet<string> _warnings = [];
    private readonly IReadOnlyList<DockerfileStage> _stages;
    private Entry? _failed;
    private int _classicStage = -1;

    public BuildOutputReader(IReadOnlyList<DockerfileStage> stages) => _stages = stages;

    /// <summary>The one the builder named as failed, or else the last one begun.</summary>
    public ImageBuildStep? Current => (_failed ?? _steps.LastOrDefault())?.Step;

    public IReadOnlyList<string> Tail => [.. _tail];

    /// <summary>Exit code of the command inside the failing step, where the builder says it.</summary>
    public int? StepExitCode { get; private set; }

    public ImageOutput Read(string raw)
    {
        var text = Escapes().Replace(raw, "").TrimEnd();
        if (text.Length > 0)
        {
            _tail.Enqueue(text);
            if (_tail.Count > TailLength)
                _tail.Dequeue();
        }
        if (ExitCode()
            .Match(text) is { Success: true } exit
            && int.TryParse(exit.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            StepExitCode = code;
        return new(text, Begin(text), Warning(text));
    }

    /// <summary>Layers of the result that this build had to make; the others came from the cache or the base image.</summary>
    public int LayersMade()
    {
        var chain = DockerfileStage.FinalChain(_stages);
        return _steps.Count(s => !s.Cached && (chain.Count == 0 || chain.Contains(s.Step.Stage)) && MakesLayer(s.Step.Text));
    }

    private string? Warning(string text)
    {
        if (EngineWarning().Match(text) is not { Success: true } match)
            return null;
        var warning = match.Groups["text"].Value.Replace("\\\"", "\"", StringComparison.Ordinal);
        // Each build gets VERSION, whether its Dockerfile uses it or not.
        return VersionUnused().IsMatch(warning) || !_warnings.Add(warning) ? null : warning;
    }

    private ImageBuildStep? Begin(string text)
    {
        if (Podman().Match(text) is { Success: true } podman)
            return Add(
                Number(podman, "step"), Number(podman, "steps"), podman.Groups["stage"].Success ? Number(podman, "stage") - 1 : 0,
                podman.Groups["text"].Value).Step;
        if (Classic().Match(text) is { Success: true } classic)
        {
            var instruction = classic.Groups["text"].Value;
            if (instruction.StartsWith("FROM ", StringComparison.OrdinalIgnoreCase))
                _classicStage++;
            return Add(Number(classic, "step"), Number(classic, "steps"), Math.Max(0, _classicStage), instruction).Step;
        }
        if (BuildKit().Match(text) is { Success: true } vertex)
            return BeginVertex(vertex.Groups["id"].Value, vertex.Groups["rest"].Value);
        if (text.TrimStart() is "---> Using cache" || text.StartsWith("--> Using cache", StringComparison.Ordinal))
            _steps.LastOrDefault()?.MarkCached();
        return null;
    }

    private ImageBuildStep? BeginVertex(string id, string rest)
    {
        if (BuildKitStep().Match(rest) is { Success: true } step && !_vertices.ContainsKey(id))
        {
            _vertices[id] =
                Add(Number(step, "step"), Number(step, "steps"), StageOf(step.Groups["stage"].Value.Trim()), step.Groups["text"].Value);
            return _vertices[id].Step;
        }
        if (!_vertices.TryGetValue(id, out var known))
            return null;
        if (rest == "CACHED")
            known.MarkCached();
        else if (rest.StartsWith("ERROR", StringComparison.Ordinal))
            _failed = known;
        return null;
    }

    // "[2/4]", "[build 2/4]", "[stage-1 2/4]", "[linux/amd64 build 2/4]".
    private int StageOf(string label)
    {
        var name = label.Split(' ')[^1];
        if (name.StartsWith("stage-", StringComparison.Ordinal)
            && int.TryParse(name[6..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        var index = _stages.ToList().FindIndex(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? index : Math.Max(0, _stages.Count - 1);
    }

    private Entry Add(int number, int count, int stage, string text)
    {
        var entry = new Entry(new(number, count, stage, text));
        _steps.Add(entry);
        return entry;
    }

    private static bool MakesLayer(string instruction) =>
        instruction.Split(' ', 2)[0].ToUpperInvariant() is "RUN" or "COPY" or "ADD";

    private static int Number(Match match, string group) =>
        int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(\[(?<stage>\d{1,4})/\d{1,4}\] )?STEP (?<step>\d{1,6})/(?<steps>\d{1,6}): (?<text>.+)$")]
    private static partial Regex Podman();

    [GeneratedRegex(@"^Step (?<step>\d{1,6})/(?<steps>\d{1,6}) : (?<text>.+)$")]
    private static partial Regex Classic();

    [GeneratedRegex(@"^#(?<id>\d+) (?<rest>.+)$")]
    private static partial Regex BuildKit();

    [GeneratedRegex(@"^\[(?<stage>[^\]]*?)(?<step>\d{1,6})/(?<steps>\d{1,6})\] (?<text>.+)$")]
    private static partial Regex BuildKitStep();

    // podman's log with and without a terminal, and what both engines print of build arguments.
    [GeneratedRegex(@"^(?:time=""[^""]*"" level=warning msg=""(?<text>.+)""|WARN\[\d+\] (?<text>.+)|\[Warning\] (?<text>.+))$")]
    private static partial Regex EngineWarning();

    [GeneratedRegex(
        @"^one or more build[- ]args (?:\[VERSION\] were not consumed|were not consumed: \[VERSION\])", RegexOptions.IgnoreCase)]
    private static partial Regex VersionUnused();

    [GeneratedRegex(@"(?:exit status|exit code:|non-zero code:) (\d{1,3})\b")]
    private static partial Regex ExitCode();

    [GeneratedRegex(@"\x1B\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Escapes();

    private sealed class Entry(ImageBuildStep step)
    {
        public ImageBuildStep Step { get; } = step;

        public bool Cached { get; private set; }

        public void MarkCached() => Cached = true;
    }
}
