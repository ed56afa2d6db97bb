using Mcp.Core.Client.Workstation;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Images;
using Mcp.Core.Images.Building;
using Mcp.Core.Planning;

namespace Mcp.Core.Client.Images;

/// <summary>Looks where images are, and decides what is to be done about each; changes nothing anywhere.</summary>
internal sealed class ImageLookup(WorkstationConfig config, Fleet fleet, ImageTools tools)
{
    private const int ProcessesAtOnce = 4;

    private bool WithoutRegistry => config.Registry.Kind.Value == ImageRegistryKind.None;

    /// <summary>For a deploy: what its node can't get yet.</summary>
    /// <exception cref="McpException">The node can't be asked, or the workstation's engine failed.</exception>
    public async Task<ImagePlan> ForDeployAsync(PreparedDeploy deploy, CancellationToken cancellationToken)
    {
        var needs = ImageNeed.Of(deploy.Definition, deploy.Component);
        if (deploy.Options.Images.Pull == PullPolicy.Never)
            return new(deploy.Definition, deploy.Node, []);
        var straight = needs.Where(n => GoesStraight(deploy.Definition, n)).ToList();
        // While image registries are asked.
        if (straight.Count == 0 && deploy.MayAskImageRegistries)
            _ = fleet.Client(deploy.Node).ConnectAsync(cancellationToken);
        var pulled = ThroughRegistryAsync(
            deploy.Definition, [.. needs.Except(straight)], new(config.Workspace?.Value, deploy.Options.Build), cancellationToken);
        var sent = straight.Count == 0 ? [] : await StraightAsync(deploy, straight, cancellationToken).ConfigureAwait(false);
        return new(deploy.Definition, deploy.Node, InOrder(needs, [.. await pulled.ConfigureAwait(false), .. sent]));
    }

    /// <summary>For `mcp build`: all images are built, whether they exist or not. The image registry is asked first all the same: a wrong
    /// password should show before an hour of building.</summary>
    public async Task<ImagePlan> ForBuildAsync(
        ServiceDefinition definition, IReadOnlyList<ImageNeed> needs, ImageBuildOptions options, CancellationToken cancellationToken)
    {
        var planOptions = new ImagePlanOptions(config.Workspace?.Value, Rebuild: true) { Absent = "it can't be built" };
        var local = needs.Where(n => !options.Push || WithoutRegistry || n.IsLocal).ToList();
        var built = Plan(definition, [.. local.Select(n => new ImageCheck(n, ImagePresence.NotAsked))], planOptions);
        var pushed = await ThroughRegistryAsync(definition, [.. needs.Except(local)], planOptions, cancellationToken).ConfigureAwait(false);
        var plan = InOrder(needs, [.. built, .. pushed]);
        return new(definition, null, plan.Select(i => WithOptions(i, options)).ToValueList());
    }

    /// <summary>For `mcp image send`: what the workstation's engine has and the node has not.</summary>
    public async Task<ImagePlan> ForSendAsync(
        ServiceDefinition definition, IReadOnlyList<ImageNeed> needs, NodeConfig node, CancellationToken cancellationToken) =>
        new(definition, node,
            InOrder(
                needs,
                await StraightAsync(new(definition, null, node, "", new() { Build = false }), needs, cancellationToken)
                    .ConfigureAwait(false)));

    private bool GoesStraight(ServiceDefinition definition, ImageNeed need) =>
        WithoutRegistry && (need.IsLocal || definition.BuildImages.ContainsKey(need.Image.Name));

    private async Task<IReadOnlyList<PlannedImage>> ThroughRegistryAsync(
        ServiceDefinition definition, IReadOnlyList<ImageNeed> needs, ImagePlanOptions options, CancellationToken cancellationToken) =>
        Plan(
            definition, await new ImageChecker(tools.Registry).CheckAsync(needs, cancellationToken).ConfigureAwait(false),
            options with { Delivery = Delivery.Push });

    private async Task<IReadOnlyList<PlannedImage>> StraightAsync(
        PreparedDeploy deploy, IReadOnlyList<ImageNeed> needs, CancellationToken cancellationToken)
    {
        // Side by side: asking an engine's command line takes as long as connecting to the node and asking that.
        var asked = fleet.Client(deploy.Node).FindImagesAsync(needs.Select(n => n.Image.ToString()), cancellationToken);
        var found = FindHereAsync(needs, cancellationToken);
        await Task.WhenAll(asked, found).ConfigureAwait(false);
        var (there, here) = (await asked.ConfigureAwait(false), await found.ConfigureAwait(false));
        var checks = needs.Zip(here).Select(n =>
        {
            var id = n.Second?.Id ?? there.FirstOrDefault(i => i.Asked == n.First.Image.ToString())?.Id;
            return id is null ? new ImageCheck(n.First, ImagePresence.Absent) : new ImageCheck(n.First, ImagePresence.Present, id);
        }).ToList();
        var options = new ImagePlanOptions(config.Workspace?.Value, deploy.Options.Build)
        {
            Absent = $"neither node {deploy.Node.Name} nor this workstation's engine has it",
            AbsentReason = $"neither on {deploy.Node.Name} nor here",
            Delivery = Delivery.Send,
        };
        return [.. Plan(deploy.Definition, checks, options).Zip(here).Select(p =>
        {
            var onNode = there.FirstOrDefault(i => i.Asked == p.First.Need.Image.ToString());
            var reason = p.Second is null || p.Second.Id == onNode?.Id ? ""
                : onNode is null ? $"not on {deploy.Node.Name}"
                : $"{deploy.Node.Name} has another image of this name";
            return p.First with { SendReason = reason, Here = p.Second };
        })];
    }

    private async Task<IReadOnlyList<LocalImage?>> FindHereAsync(IReadOnlyList<ImageNeed> needs, CancellationToken cancellationToken)
    {
        var found = new LocalImage?[needs.Count];
        try
        {
            var builder = tools.Builder();
            var options = new ParallelOptions { MaxDegreeOfParallelism = ProcessesAtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(
                Enumerable.Range(0, needs.Count), options,
                async (i, token) => found[i] = await builder.FindAsync(needs[i].Image, token).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (ImageBuildException e) when (e.Error == ImageBuildError.EngineMissing)
        {
            // A workstation without an engine has no images; what the node has may do.
            return [.. needs.Select(_ => (LocalImage?)null)];
        }
        catch (ImageBuildException e)
        {
            throw ImageErrors.From(e);
        }
        return found;
    }

    private static ValueList<PlannedImage> Plan(ServiceDefinition definition, IReadOnlyList<ImageCheck> checks, ImagePlanOptions options) =>
        ImageSources.Verify(ImagePlanner.Plan(definition, checks, options));

    private static ValueList<PlannedImage> InOrder(IReadOnlyList<ImageNeed> needs, IReadOnlyList<PlannedImage> plans) =>
        needs.Select(n => plans.First(p => p.Need == n)).ToValueList();

    private static PlannedImage WithOptions(PlannedImage image, ImageBuildOptions options) => image.Build is not { } build
        ? image
        : image with { Build = build with { NoCache = options.NoCache, Platform = options.Platform } };
}
