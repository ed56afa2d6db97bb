using Mcp.Cli.Output;
using Mcp.Core.Client.Workstation;
using Spectre.Console;

namespace Mcp.Cli;

/// <summary>The process around a command: its streams, terminal, environment and clock.</summary>
internal sealed record CliHost
{
    public required TextReader In { get; init; }

    /// <summary>For data: JSON, log lines.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Tables and steps, on <see cref="Out"/>.</summary>
    public required IAnsiConsole Console { get; init; }

    /// <summary>Prose that is not the result: warnings, errors, hints.</summary>
    public required IAnsiConsole Error { get; init; }

    public required WorkstationEnvironment Environment { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Interactive output: standard output is a terminal, so lines may be redrawn and have a width.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Questions can be asked: standard input is a terminal.</summary>
    public bool CanAsk { get; init; }

    /// <summary>The process is this command and nothing else, so its settings may be changed.</summary>
    public bool OwnsProcess { get; init; }

    public static CliHost ForProcess()
    {
        var environment = WorkstationEnvironment.Current;
        var output = StandardOutput.Open();
        var error = Terminal(System.Console.Error, System.Console.IsErrorRedirected, environment);
        // Prose is left to the terminal to wrap: a fingerprint or a file:line:column that is cut in two can't be copied or clicked.
        error.Profile.Width = NoWidth;
        return new()
        {
            In = System.Console.In,
            Out = output,
            Console = Terminal(output, System.Console.IsOutputRedirected, environment),
            Error = error,
            Environment = environment,
            Time = TimeProvider.System,
            IsTerminal = !System.Console.IsOutputRedirected && !IsDumb(environment),
            CanAsk = !System.Console.IsInputRedirected,
            OwnsProcess = true,
        };
    }

    private static IAnsiConsole Terminal(TextWriter writer, bool redirected, WorkstationEnvironment environment)
    {
        var plain = redirected || IsDumb(environment);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain || environment.Variable("NO_COLOR") is { Length: > 0 }
                ? ColorSystemSupport.NoColors
                : ColorSystemSupport.Detect,
            Interactive = plain ? InteractionSupport.No : InteractionSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
        });
        if (redirected)
            console.Profile.Width = NoWidth;
        return new SafeConsole(console);
    }

    /// <summary>A pipe has no width; nothing is to be wrapped or cut for it.</summary>
    private const int NoWidth = 100_000;

    private static bool IsDumb(WorkstationEnvironment environment) => environment.Variable("TERM") == "dumb";
}
