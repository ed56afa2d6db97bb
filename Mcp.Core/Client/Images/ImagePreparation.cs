using System.Collections.Concurrent;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;

namespace Mcp.Core.Client.Images;

/// <summary>
/// Sees to it that images are where nodes get them: in the image registry, or, without one, in the node's engine.
/// <code>
/// using var preparation = new ImagePreparation(config, fleet); var plan = await preparation.PlanAsync(prepared, cancellationToken);     
/// // asks registries (in parallel) and nodes; touches nothing
/// if (plan.Fault is { } fault) throw fault;                            // all images that are not available, in one error
/// await foreach (var update in preparation.RunAsync(plan, cancellationToken)) // builds, pushes, sends: ImageUpdate records
///     Show(update);
/// </code>
/// <see cref="DeployPipeline.RunAsync"/> does this by itself. For building and sending alone see <see cref="ImagePipeline"/>.
/// What one instance has built it does not build again for another service. One build runs at a time.
/// </summary>
public sealed class ImagePreparation : IDisposable
{
    private readonly SemaphoreSlim _engine = new(1);
    private readonly ConcurrentDictionary<string, ImageResult> _made = new();
    private readonly Fleet _fleet;
    private readonly ImageTools _tools;
    private readonly ImageLookup _planner;

    /// <param name="tools">null: the real ones, as the config says.</param>
    public ImagePreparation(WorkstationConfig config, Fleet fleet, ImageTools? tools = null)
    {
        _fleet = fleet;
        _tools = tools ?? ImageTools.For(config);
        _planner = new(config, fleet, _tools);
    }

    /// <summary>What a deploy needs done first.</summary>
    /// <exception cref="McpException">The node can't be asked (without an image registry), or the workstation's engine failed. Images that
    /// are not available are no exception yet: see <see cref="ImagePlan.Fault"/>.</exception>
    public async Task<ImagePlan> PlanAsync(PreparedDeploy deploy, CancellationToken cancellationToken) =>
        await _planner.ForDeployAsync(deploy, cancellationToken).ConfigureAwait(false) with { DefinitionWarnings = deploy.Warnings };

    /// <summary>Carries a plan out. First <see cref="ImagesPlanned"/> (unless there is nothing to do or to warn of), then for each image
    /// its phases and <see cref="ImageReady"/>.
    /// Cancelling ends what runs and cleans up before the stream ends; nothing half made carries a tag, here or in the image
    /// registry.</summary>
    /// <exception cref="McpException">A build (with the failing step and its last lines), a push or a transfer failed.</exception>
    public IAsyncEnumerable<OperationUpdate> RunAsync(ImagePlan plan, CancellationToken cancellationToken) =>
        ProgressStream.RunAsync<OperationUpdate>((report, token) => WorkAsync(plan, report, token), cancellationToken);

    public void Dispose()
    {
        _tools.Registry.Dispose();
        _engine.Dispose();
    }

    internal ImagesPlanned Describe(ImagePlan plan) =>
        new(_tools.Time.GetUtcNow(), plan.Definition.Name, plan.Summaries, plan.Warnings.ToValueList());

    internal Task<ImagePlan> PlanBuildAsync(
        ServiceDefinition definition, IReadOnlyList<ImageNeed> needs, ImageBuildOptions options, CancellationToken cancellationToken) =>
        _planner.ForBuildAsync(definition, needs, options, cancellationToken);

    internal Task<ImagePlan> PlanSendAsync(
        ServiceDefinition definition, IReadOnlyList<ImageNeed> needs, NodeConfig node, CancellationToken cancellationToken) =>
        _planner.ForSendAsync(definition, needs, node, cancellationToken);

    private async Task WorkAsync(ImagePlan plan, Action<OperationUpdate> report, CancellationToken cancellationToken)
    {
        var idle = plan.Images.All(i => i.Action == ImageAction.None);
        if (!idle || plan.Warnings.Any())
            report(Describe(plan));
        if (idle)
            return;
        await _engine.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var builder = _tools.Builder();
            foreach (var image in plan.Images.Where(i => i.Action != ImageAction.None))
                await new ImageJob(plan, image, builder, _tools, _made, report)
                    .RunAsync(plan.Node is null ? null : _fleet.Client(plan.Node), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (ImageErrors.Covers(e))
        {
            throw ImageErrors.From(e);
        }
        finally
        {
            _engine.Release();
        }
    }
}
