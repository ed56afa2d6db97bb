using System.CommandLine;

namespace Mcp.Cli.Commands;

/// <summary>Prints what a shell needs to complete `mcp`; the words themselves come from the command tree.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _mcp() {
            local words
            words="$(mcp "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)"
            mapfile -t COMPREPLY < <(compgen -W "${words}" -- "${COMP_WORDS[COMP_CWORD]}")
        }
        complete -F _mcp mcp

        """;

    private const string Zsh = """
        _mcp() {
            local -a words
            words=("${(@f)$(mcp "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -- "${words[@]}"
        }
        compdef _mcp mcp

        """;

    private const string Fish = """
        complete --no-files --command mcp --arguments '(mcp "[suggest:"(commandline --cursor)"]" (commandline) 2>/dev/null)'

        """;

    private const string Pwsh = """
        Register-ArgumentCompleter -Native -CommandName mcp -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            mcp "[suggest:$cursorPosition]" "$commandAst" | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }

        """;

    public static Command Create(CommandBinding binding)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or pwsh" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        var command = new Command("completion", "Print the completion script of a shell: source <(mcp completion bash)") { shell };
        binding.Bind(command, context =>
        {
            context.Host.Out.Write(
                context.Arguments.GetRequiredValue(shell) switch { "bash" => Bash, "zsh" => Zsh, "fish" => Fish, _ => Pwsh });
            return ExitCode.Done;
        });
        return command;
    }
}
