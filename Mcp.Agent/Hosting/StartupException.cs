namespace Mcp.Agent.Hosting;

/// <summary>The agent or one of its commands failed. Shown as two lines on stderr and an exit code.</summary>
internal sealed class StartupException(int exitCode, string message, string remedy, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;

    public string Remedy { get; } = remedy;
}

internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>A port, directory or lock is not available. Trying again later may help.</summary>
    public const int Failed = 1;

    /// <summary>Command line, configuration, certificate or a damaged registry database: trying again does not help.</summary>
    public const int Usage = 2;
}
