using System.Runtime.CompilerServices;
using Mcp.Core.Client.Images;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.Core.Client;

/// <summary>What is to be deployed. At least one of service and file is given.</summary>
/// <param name="Component">null: all of them.</param>
/// <param name="File">A definition outside the services folder.</param>
/// <param name="Node">null: the definition's own, or the only one there is.</param>
public sealed record DeployOrder(string? Service, string? Component = null, string? File = null, string? Node = null)
{
    public OperationOptions Options { get; init; } = OperationOptions.Default;
}

/// <summary>A deploy that has been read, checked and given a node; nothing was sent yet.</summary>
public sealed record PreparedDeploy(ServiceDefinition Definition, string? Component, NodeConfig Node, string File, OperationOptions Options)
{
    /// <summary>Keys of the definition that have no effect.</summary>
    public ValueList<Problem> Warnings { get; init; } = [];

    /// <summary>False: the deploy connects to its node and to nothing else.</summary>
    public bool MayAskImageRegistries =>
        Options.Images.Pull != PullPolicy.Never && ImageNeed.Of(Definition, Component).Any(n => !n.IsLocal);

    /// <summary>The options as they are sent: with the images that were checked or made.</summary>
    internal OperationOptions With(ValueMap digests) => Options with { Images = Options.Images with { Digests = digests } };
}

/// <summary>From a definition file to an agent's operation, by way of the images that it needs.</summary>
/// <param name="images">null: one for each run. To be shared when several services are deployed.</param>
public sealed class DeployPipeline(WorkstationConfig config, ServiceDirectory services, Fleet fleet, ImagePreparation? images = null)
{
    /// <summary>Reads and validates the definition and chooses the node; touches no network.</summary>
    /// <exception cref="McpException">The definition is wrong (every problem), unknown, or has no node to go to.</exception>
    public PreparedDeploy Prepare(DeployOrder order)
    {
        var (file, definition, warnings) = order.File is not null
            ? services.ReadFile(order.File)
            : services.Read(
                order.Service
                    ?? throw new McpException(
                        ErrorKind.Usage, "no-service", "nothing to deploy was named", "name a service, or a file with -f"));
        if (order.Service is not null && order.Service != definition.Name)
        {
            throw new McpException(ErrorKind.Usage, "service-differs",
                $"{file} defines service {definition.Name}, not {order.Service}", $"deploy {definition.Name}, or correct the file");
        }
        if (order.Component is { } component && definition.Components.All(c => c.Name != component))
        {
            throw new McpException(ErrorKind.NotFound, "unknown-component",
                $"service {definition.Name} has no component {component}",
                NearestName.Remedy(component, [.. definition.Components.Select(c => c.Name)], "components"));
        }
        return new(definition, order.Component, ChooseNode(order, definition, file), file, order.Options) { Warnings = warnings };
    }

    /// <summary>Looks for the images, builds and pushes (or sends) those that are missing, then sends the definition to the agent and
    /// follows the operation.
    /// Updates come in that order: <see cref="ImageUpdate"/> records, then the operation's. Leaving the stream before the operation has
    /// begun leaves the node untouched; after that it does not stop the operation.</summary>
    /// <exception cref="McpException">Images are missing and can't be made (one error that names all), a build or push failed, or the node
    /// did not take the deploy.</exception>
    public async IAsyncEnumerable<OperationUpdate> RunAsync(
        PreparedDeploy deploy, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var own = images is null ? new ImagePreparation(config, fleet) : null;
        var plan = await (images ?? own!).PlanAsync(deploy, cancellationToken).ConfigureAwait(false);
        if (plan.Fault is { } fault)
            throw fault;
        await foreach (var update in ExecuteAsync(deploy, plan, images ?? own!, cancellationToken).ConfigureAwait(false))
            yield return update;
    }

    /// <summary>What <see cref="RunAsync"/> would do, and why. Asks image registries and the node, and changes nothing: nothing is built,
    /// pushed, sent or started.</summary>
    /// <exception cref="McpException">What would keep the deploy from beginning: images that are missing and can't be made (the same
    /// error), a node that can't be asked.</exception>
    public async Task<DeployPreview> PlanAsync(PreparedDeploy deploy, CancellationToken cancellationToken)
    {
        using var own = images is null ? new ImagePreparation(config, fleet) : null;
        var preparation = images ?? own!;
        var found = await preparation.PlanAsync(deploy, cancellationToken).ConfigureAwait(false);
        if (found.Fault is { } fault)
            throw fault;
        var options = deploy.With(Digests(deploy.Definition, found, []));
        options = options with
        {
            Images = options.Images with
            {
                ToBePushed = References(deploy.Definition, found, i => i.Action == ImageAction.BuildAndPush),
                ToBeSent = References(deploy.Definition, found, i => i.Action is ImageAction.BuildAndSend or ImageAction.Send),
            },
        };
        var plan = await fleet.Client(deploy.Node).PlanAsync(deploy.Definition, deploy.Component, options, cancellationToken)
            .ConfigureAwait(false);
        return new(deploy.Node.Name, preparation.Describe(found), plan);
    }

    /// <summary>With images that have been looked for already.</summary>
    internal async IAsyncEnumerable<OperationUpdate> ExecuteAsync(
        PreparedDeploy deploy, ImagePlan plan, ImagePreparation preparation, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var made = new List<ImageResult>();
        await foreach (var update in preparation.RunAsync(plan, cancellationToken).ConfigureAwait(false))
        {
            if (update is ImageReady ready)
                made.Add(ready.Result);
            yield return update;
        }
        var options = deploy.With(Digests(deploy.Definition, plan, made));
        await foreach (var update in fleet.Client(deploy.Node).DeployAsync(deploy.Definition, deploy.Component, options, cancellationToken)
            .ConfigureAwait(false))
            yield return update;
    }

    /// <summary>By the reference as the definition has it: what was found or made is what must run.</summary>
    private static ValueMap Digests(ServiceDefinition definition, ImagePlan plan, List<ImageResult> made)
    {
        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in plan.Images)
        {
            var name = item.Image.ToString();
            var result = made.Find(r => r.Image == name);
            var digest = result is null ? item.Digest : result.Pushed ? result.Digest : result.ImageId;
            foreach (var component in definition.Components.Where(c => digest is not null && item.Need.Components.Contains(c.Name)))
                digests[component.Image] = digest!;
        }
        return new(digests);
    }

    /// <summary>As the definition has them.</summary>
    private static ValueList<string> References(ServiceDefinition definition, ImagePlan plan, Func<PlannedImage, bool> which) =>
        plan.Images.Where(which).SelectMany(i => definition.Components.Where(c => i.Need.Components.Contains(c.Name))).Select(c => c.Image)
            .Distinct().ToValueList();

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
