using Mcp.Core.Client.Workstation;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.Core.Client;

/// <summary>What somebody wants deployed. At least one of service and file is given.</summary>
/// <param name="Component">null: all of them.</param>
/// <param name="File">A definition outside the services folder.</param>
/// <param name="Node">null: the definition's own, or the only one there is.</param>
public sealed record DeployOrder(string? Service, string? Component = null, string? File = null, string? Node = null)
{
    public PullPolicy Pull { get; init; }
}

/// <summary>A deploy that has been read, checked and given a node; nothing was sent yet.</summary>
public sealed record PreparedDeploy(ServiceDefinition Definition, string? Component, NodeConfig Node, string File)
{
    /// <summary>How the node gets the images, and which ones they are as far as that was checked.</summary>
    public ImagePins Images { get; init; } = ImagePins.None;
}

/// <summary>From a definition file to an agent's operation.</summary>
public sealed class DeployPipeline(WorkstationConfig config, ServiceDirectory services, Fleet fleet)
{
    /// <summary>Reads and validates the definition and chooses the node; touches no network.</summary>
    /// <exception cref="McpException">The definition is wrong (every problem), unknown, or has no node to go to.</exception>
    public PreparedDeploy Prepare(DeployOrder order)
    {
        var (file, definition) = order.File is not null
            ? services.ReadFile(order.File)
            : services.Read(order.Service ?? throw new McpException(ErrorKind.Usage, "no-service", "nothing to deploy was named", "name a service, or a file with -f"));
        if (order.Service is not null && order.Service != definition.Name)
        {
            throw new McpException(ErrorKind.Usage, "service-differs",
                $"{file} defines service {definition.Name}, not {order.Service}", $"deploy {definition.Name}, or correct the file");
        }
        if (order.Component is { } component && definition.Components.All(c => c.Name != component))
        {
            throw new McpException(ErrorKind.NotFound, "unknown-component",
                $"service {definition.Name} has no component {component}", NearestName.Remedy(component, [.. definition.Components.Select(c => c.Name)], "components"));
        }
        return new(definition, order.Component, ChooseNode(order, definition, file), file) { Images = new() { Pull = order.Pull } };
    }

    /// <summary>Sends it to the agent and follows the operation. Leaving the stream does not stop the operation.</summary>
    public IAsyncEnumerable<OperationUpdate> RunAsync(PreparedDeploy deploy, CancellationToken cancellationToken) =>
        fleet.Client(deploy.Node).DeployAsync(deploy.Definition, deploy.Component, deploy.Images, cancellationToken);

    private NodeConfig ChooseNode(DeployOrder order, ServiceDefinition definition, string file)
    {
        try
        {
            return config.SelectNode(order.Node ?? definition.Node);
        }
        catch (McpException e) when (e.Id == "unknown-node" && order.Node is null)
        {
            throw new McpException(e.Kind, e.Id, $"{file} wants node {definition.Node}, which {config.File.Value} does not name", e.Remedy);
        }
    }
}
