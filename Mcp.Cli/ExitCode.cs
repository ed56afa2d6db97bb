using Mcp.Core.Client;

namespace Mcp.Cli;

/// <summary>What `mcp` ends with; scripts rely on these numbers.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Unreachable = 3;

    /// <summary>A plan (`mcp deploy --plan`) has something to do.</summary>
    public const int ChangesPending = 4;

    public const int Interrupted = 130;

    public static int Of(McpException error) => error.Kind switch
    {
        ErrorKind.Usage or ErrorKind.Definition or ErrorKind.NotFound => Usage,
        ErrorKind.Unreachable => Unreachable,
        ErrorKind.Cancelled => Interrupted,
        _ => Failed,
    };

    public static int Of(IReadOnlyCollection<McpException> errors) => Worst([.. errors.Select(Of)]);

    /// <summary>For several nodes: an unreachable one says more than one that refused.</summary>
    public static int Worst(IReadOnlyCollection<int> codes) => codes.Contains(Unreachable) ? Unreachable : codes.DefaultIfEmpty(Done).Max();
}
