namespace Mcp.Core.Containers;

/// <summary>How a command in a container ended.</summary>
/// <param name="Output">The end of what it wrote to both streams, at most <see cref="MaxOutput"/> bytes of it.</param>
public sealed record ExecResult(int ExitCode, string Output)
{
    public const int MaxOutput = 4096;
}
