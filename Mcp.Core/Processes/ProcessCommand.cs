namespace Mcp.Core.Processes;

/// <summary>A program to start.</summary>
/// <param name="File">A path, or a name that is looked up on PATH.</param>
public sealed record ProcessCommand(string File, params IReadOnlyList<string> Arguments)
{
    /// <summary>Set besides what the program inherits.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// A session of its own, where the system has setsid: Ctrl+C in our terminal does not reach the program, so that we can end it in
    /// order.
    /// </summary>
    public bool OwnSession { get; init; }
}

/// <param name="Output">The end of stdout, at most <see cref="Subprocess.OutputKept"/> characters.</param>
/// <param name="Error">The end of stderr, likewise.</param>
public sealed record ProcessResult(int ExitCode, string Output, string Error);
