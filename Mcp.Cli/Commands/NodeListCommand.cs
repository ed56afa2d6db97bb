using System.CommandLine;
using System.Text.Json.Nodes;
using Mcp.Cli.Output;
using Mcp.Core.Client.Workstation;

namespace Mcp.Cli.Commands;

internal static class NodeListCommand
{
    public static Command Create(CommandBinding binding)
    {
        var command = new Command("list", "List the nodes in the config; asks none of them.");
        binding.Bind(command, context =>
        {
            var nodes = context.NodeNames.Length == 0 ? context.Config.Nodes : context.Config.SelectNodes(context.NodeNames);
            if (context.Json)
                JsonOutput.WriteList(context.Host.Out, nodes.Select(Json));
            else if (nodes.Count == 0)
                context.Hint($"No nodes in {context.Config.File.Value}; add one with `mcp node add NAME ADDRESS`.");
            else
                Table(nodes).WriteTo(context.Host.Console, context.Width);
            return ExitCode.Done;
        });
        return command;
    }

    private static TableView Table(IEnumerable<NodeConfig> nodes)
    {
        var table = new TableView(new("NODE", 100), new("ADDRESS", 90), new("TRUST", 60), new("TOKEN", 50));
        foreach (var node in nodes)
            table.Add(node.Name, NodeAddress.Display(node.Address), Trust(node), node.TokenPath ?? "in the config");
        return table;
    }

    private static string Trust(NodeConfig node) => node switch
    {
        { Fingerprint: { } pin } => $"fingerprint {pin.ToString()[..11]}…",
        { CaCertificatePath: { } ca } => "CA " + ca,
        _ => "this machine's CAs",
    };

    private static JsonObject Json(NodeConfig node) => new()
    {
        ["name"] = node.Name,
        ["address"] = node.Address.GetLeftPart(UriPartial.Authority),
        ["fingerprint"] = node.Fingerprint?.ToString(),
        ["caCert"] = node.CaCertificatePath,
        ["tokenPath"] = node.TokenPath,
        ["source"] = node.Source,
    };
}
