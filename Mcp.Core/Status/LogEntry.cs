namespace Mcp.Core.Status;

/// <param name="Text">Without the line end.</param>
public sealed record LogEntry(string Service, string Component, DateTimeOffset At, bool IsError, string Text);

/// <summary>What is asked of a log. No component means all of a service's, interleaved by time.</summary>
/// <param name="Tail">Last lines per component; null: all.</param>
public sealed record LogRequest(
    string Service, string? Component = null, int? Tail = null, DateTimeOffset? Since = null, bool Follow = false);
