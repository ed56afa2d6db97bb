using Mcp.Cli.Output;
using Mcp.Core.Client;
using Mcp.Core.Status;

namespace Mcp.Cli.Commands;

/// <summary>What nodes say of their engines and containers beside the services.</summary>
internal static class NodeNotes
{
    /// <summary>Writes the warnings, and the engines that could not be asked as errors, which are returned.</summary>
    public static IReadOnlyList<McpException> Report(
        CommandContext context, IReadOnlyList<(string Node, NodeServices Services)> answers)
    {
        foreach (var (node, services) in answers)
            foreach (var warning in services.Warnings)
                ErrorView.WriteWarning(context.Host.Error, $"{node}: {warning}");
        List<McpException> errors = [.. answers.Where(a => a.Services.EngineError.Length > 0)
            .Select(a => EngineTrouble.Of(a.Node, a.Services.EngineError))];
        errors.ForEach(context.Report);
        return errors;
    }
}
