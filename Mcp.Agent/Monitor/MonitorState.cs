using System.Collections.Immutable;
using Mcp.Core.Status;

namespace Mcp.Agent.Monitor;

/// <summary>What the monitor makes of one component.</summary>
/// <param name="DiffersSince">Since when observed is not what is desired, however short; null when it is, or when the engine can't be
/// asked.</param>
/// <param name="DriftSince">The same once it has lasted long enough to be drift.</param>
/// <param name="Message">Why, in words, when something is off; otherwise empty.</param>
internal sealed record ComponentCondition(
    ObservedState Observed, DateTimeOffset? DiffersSince, DateTimeOffset? DriftSince, bool Flapping, string Message)
{
    public static readonly ComponentCondition NotSeen = new(ObservedState.Unknown, null, null, false, "");
}

/// <summary>The monitor's findings for those who report status; written by the monitor alone.</summary>
internal sealed class MonitorState
{
    private volatile ImmutableDictionary<(string Service, string Component), ComponentCondition> _conditions =
        ImmutableDictionary<(string, string), ComponentCondition>.Empty;

    private volatile string? _engineError;

    /// <summary>Why the engine can't be asked; null while it can.</summary>
    public string? EngineError
    {
        get => _engineError;
        set => _engineError = value;
    }

    public ComponentCondition Of(string service, string component) =>
        _conditions.GetValueOrDefault((service, component), ComponentCondition.NotSeen);

    public void Replace(IEnumerable<KeyValuePair<(string Service, string Component), ComponentCondition>> conditions) =>
        _conditions = conditions.ToImmutableDictionary();

    public void Set(string service, string component, ComponentCondition condition) =>
        _conditions = _conditions.SetItem((service, component), condition);
}
