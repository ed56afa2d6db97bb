using System.Runtime.CompilerServices;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;

namespace Mcp.Core.Client.Images;

/// <summary>Which of a service's images. At least one of service and file is given.</summary>
/// <param name="Image">A key of [build.images]; null: all of them.</param>
/// <param name="File">A definition outside the services folder.</param>
public sealed record ImageOrder(string? Service, string? Image = null, string? File = null);

/// <summary>Building and sending images without deploying.
/// <code>
/// using var preparation = new ImagePreparation(config, fleet); var pipeline = new ImagePipeline(config, services, preparation); await
/// foreach (var update in pipeline.BuildAsync(new("hello"), new ImageBuildOptions(Push: false), cancellationToken))
///     if (update is ImageReady { Result: var image }) WriteObject(image);   // else progress: ImageProgressed, ImagePrinted, ImageWarned
/// </code></summary>
public sealed class ImagePipeline(WorkstationConfig config, ServiceDirectory services, ImagePreparation preparation)
{
    /// <summary>Builds images, whether or not they are there already, and pushes them unless told otherwise or there is no image
    /// registry.</summary>
    /// <exception cref="McpException">Nothing is built by that definition, something that it needs is missing, or a build or a push
    /// failed.</exception>
    public async IAsyncEnumerable<OperationUpdate> BuildAsync(
        ImageOrder order, ImageBuildOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (file, definition, _) = Read(order);
        var needs = ImageNeed.Of(definition)
            .Where(n => definition.BuildImages.ContainsKey(n.Image.Name) && (order.Image is null || order.Image == n.Image.Name)).ToList();
        if (needs.Count == 0)
            throw NothingToBuild(definition, order.Image, file);
        var plan = await preparation.PlanBuildAsync(definition, needs, options, cancellationToken).ConfigureAwait(false);
        if (plan.Fault is { } fault)
            throw fault;
        await foreach (var update in preparation.RunAsync(plan, cancellationToken).ConfigureAwait(false))
            yield return update;
    }

    /// <summary>Sends images from the workstation's engine to a node's: the layers that it lacks.</summary>
    /// <param name="node">null: the definition's own, or the only one there is.</param>
    /// <exception cref="McpException">There is no such image here, or the node can't take it.</exception>
    public async IAsyncEnumerable<OperationUpdate> SendAsync(
        ImageOrder order, string? node, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (file, definition, _) = Read(order);
        var needs = ImageNeed.Of(definition).Where(n => order.Image is null || order.Image == n.Image.Name).ToList();
        if (needs.Count == 0)
            throw new McpException(
                ErrorKind.NotFound, "unknown-image", $"no component in {file} runs an image {order.Image}",
                Suggest(order.Image!, ImageNeed.Of(definition).Select(n => n.Image.Name)));
        var plan = await preparation.PlanSendAsync(definition, needs, config.SelectNode(node ?? definition.Node), cancellationToken)
            .ConfigureAwait(false);
        if (plan.Fault is { } fault)
            throw fault;
        await foreach (var update in preparation.RunAsync(plan, cancellationToken).ConfigureAwait(false))
            yield return update;
    }

    private ServiceFile Read(ImageOrder order) => order.File is not null
        ? services.ReadFile(order.File)
        : services.Read(
            order.Service ?? throw new McpException(ErrorKind.Usage, "no-service", "no service was named", "name a service, or a file"));

    private static McpException NothingToBuild(ServiceDefinition definition, string? image, string file)
    {
        if (definition.BuildImages.Count == 0)
            return new(
                ErrorKind.NotFound, "nothing-to-build", $"{file} does not say how to build anything",
                $"add [build.images] with {ImageNeed.Of(definition)[0].Image.Name} = \"Dockerfile\"");
        if (image is null || definition.BuildImages.ContainsKey(image))
        {
            return new(
                ErrorKind.NotFound, "nothing-to-build",
                $"no component in {file} runs {image ?? string.Join(", ", definition.BuildImages.Keys)}, so there is no tag to give it",
                "name it in a component's image: the key of [build.images] is what follows the last '/'");
        }
        return new(
            ErrorKind.NotFound, "unknown-image", $"{file} does not say how to build {image}", Suggest(image, definition.BuildImages.Keys));
    }

    private static string Suggest(string image, IEnumerable<string> known) => NearestName.Remedy(image, [.. known], "images");
}
