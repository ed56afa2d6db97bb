using System.Globalization;

namespace Mcp.Bench.Rows;

/// <summary>Nodes on which so many components run, shared by the rows that look at them.</summary>
internal static class Deployed
{
    private const int OfAService = 30;

    /// <summary>A node with at least so many; what is there stays. Up to thirty are one service, "s000"; more are several.</summary>
    public static async Task<Node> HaveAsync(
        Session session, string place, Build build, int components, CancellationToken cancellationToken)
    {
        var node = await session.NodeAsync(place, build, cancellationToken);
        for (var first = 0; first < components; first += OfAService)
        {
            var service = string.Create(CultureInfo.InvariantCulture, $"s{first:000}");
            if (File.Exists(Path.Combine(node.Services, service + ".toml")))
                continue;
            session.Log.WriteLine($"  deploying {service} ({build.Label})");
            node.Define(service, Math.Min(OfAService, components - first));
            await node.Mcp("deploy", service).RunAsync(cancellationToken);
        }
        return node;
    }

    /// <summary>A deploy that changes one component of a service.</summary>
    public static async Task ReplaceOneAsync(Node node, string service, int number, CancellationToken cancellationToken)
    {
        var file = Path.Combine(node.Services, service + ".toml");
        var text = await File.ReadAllTextAsync(file, cancellationToken);
        // The last component is the last in the file.
        var end = text.IndexOf("\nenv = ", StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            file, string.Create(CultureInfo.InvariantCulture, $"{(end < 0 ? text.TrimEnd() : text[..end])}\nenv = [\"NUMBER={number}\"]\n"),
            cancellationToken);
        await node.Mcp("deploy", service).RunAsync(cancellationToken);
    }
}
