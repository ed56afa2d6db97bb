namespace Mcp.Agent.Hosting;

/// <summary>The names of log levels, as people write them.</summary>
internal static class LogLevels
{
    public const string Remedy = "write debug, info, warning or error";

    public static LogLevel? Parse(string text) => text.ToLowerInvariant() switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "info" or "information" => LogLevel.Information,
        "warning" or "warn" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => null,
    };
}
