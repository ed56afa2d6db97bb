using System.CommandLine;
using Mcp.Cli.Arguments;

namespace Mcp.Cli;

/// <summary>Options that every command takes.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Config { get; } = new("--config")
    {
        Description = "The config file (else MCP_CONFIG, else ~/.config/mcp/mcp.toml)",
        HelpName = "file",
        Recursive = true,
    };

    public Option<string[]> Node { get; } = new("--node")
    {
        Description = "Only this node; may be repeated where several make sense",
        HelpName = "name",
        Recursive = true,
        DefaultValueFactory = _ => [],
    };

    public Option<bool> Json { get; } = new("--json") { Description = "JSON on standard output", Recursive = true };

    public Option<bool> Quiet { get; } =
        new("--quiet", "-q") { Description = "No progress, no hints; errors and results only", Recursive = true };

    /// <summary>Not on every command; see <see cref="WorkstationOptions.AddTo"/>.</summary>
    public WorkstationOptions Workstation { get; } = new();

    public void AddTo(Command root)
    {
        root.Add(Config);
        root.Add(Node);
        root.Add(Json);
        root.Add(Quiet);
    }
}
