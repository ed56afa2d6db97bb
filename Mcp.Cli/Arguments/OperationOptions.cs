using System.CommandLine;

namespace Mcp.Cli.Arguments;

/// <summary>Options of commands that begin an operation.</summary>
internal static class OperationOptions
{
    public static Option<bool> Wait() => new("--wait") { Description = "While another operation has the service: wait for it instead of failing" };

    public static Option<bool> Force() => new("--force") { Description = "Replace also what is unchanged" };
}
