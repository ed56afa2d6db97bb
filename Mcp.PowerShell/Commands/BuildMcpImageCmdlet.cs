using System.Management.Automation;
using Mcp.Core;
using Mcp.Core.Client;
using Mcp.Core.Client.Images;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.PowerShell.Completion;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

// The reference assembly is older than the verb Build.
[Cmdlet("Build", "McpImage", SupportsShouldProcess = true)]
[OutputType(typeof(McpImage))]
public sealed class BuildMcpImageCmdlet : ImageCmdlet
{
    /// <summary>Keys of [build.images]; all of them unless told otherwise.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(BuildImageCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Image { get; set; }

    [Parameter]
    public SwitchParameter NoPush { get; set; }

    [Parameter]
    public SwitchParameter NoCache { get; set; }

    /// <summary>"linux/arm64"; otherwise the engine's own.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Platform { get; set; }

    private ImageBuildOptions Options => new(!NoPush, NoCache, Platform);

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var pipeline = new ImagePipeline(Workstation, Services, Preparation);

        // All are read before the first is built: a mistake in the last file is best known before an hour of building.
        var choice = new ImageChoice(Image);
        var orders = new List<ImageOrder>();
        var definitions = new List<ServiceDefinition>();
        foreach (var name in Defined(Service!))
        {
            try
            {
                var definition = Services.Read(name).Definition;
                definitions.Add(definition);
                orders.AddRange(Orders(definition, choice));
            }
            catch (McpException e)
            {
                WriteError(e, name);
            }
        }
        foreach (var missing in choice.Missing)
            ReportMissing(missing, definitions, orders);
        foreach (var order in orders)
            await BuildAsync(pipeline, order, cancellationToken);
    }

    /// <summary>One for the whole service where all of it is meant, so that everything is checked before the first build.</summary>
    private IEnumerable<ImageOrder> Orders(ServiceDefinition definition, ImageChoice choice)
    {
        var buildable = ImageNeed.Of(definition).Where(n => definition.BuildImages.ContainsKey(n.Image.Name)).ToList();
        var wanted = buildable.Where(choice.Match).ToList();
        if (wanted.Count == 0)
        {
            // By its own name and without anything to build: the pipeline says why. Among those of a wildcard it just isn't one.
            return choice.IsAll && Service!.Contains(definition.Name, StringComparer.OrdinalIgnoreCase) ? [new(definition.Name)] : [];
        }
        var agreed = wanted.Where(n => ShouldProcess(n.Image.ToString(), Pushes(n) ? "Build and push image" : "Build image")).ToList();
        return agreed.Count == buildable.Count ? [new(definition.Name)] : agreed.Select(n => n.Image.Name).Distinct()
            .Select(n => new ImageOrder(definition.Name, n));
    }

    private bool Pushes(ImageNeed need) => !NoPush && !need.IsLocal && Workstation.Registry.Kind.Value != ImageRegistryKind.None;

    private void ReportMissing(string image, List<ServiceDefinition> definitions, List<ImageOrder> orders)
    {
        if (definitions is [var only])
            orders.Add(new(only.Name, image));
        else if (definitions.Count > 0)
            NotFound("unknown-image", $"no definition of {string.Join(", ", definitions.Select(d => d.Name))} says how to build '{image}'",
                NearestName.Remedy(image, [.. definitions.SelectMany(d => d.BuildImages.Keys).Distinct()], "images"), image);
    }

    private async Task BuildAsync(ImagePipeline pipeline, ImageOrder order, CancellationToken cancellationToken)
    {
        var subject = order.Image is null ? order.Service! : $"{order.Service}/{order.Image}";
        var report = new OperationReport(this, $"Building {subject}");
        report.Show("looking for images");
        try
        {
            await foreach (var update in Background.Each(token => pipeline.BuildAsync(order, Options, token), cancellationToken))
            {
                report.Show(update);
                if (update is ImageReady ready)
                    WriteObject(ready.Result.ToObject());
            }
            report.Close();
        }
        catch (McpException e)
        {
            report.Close();
            WriteError(e, subject);
        }
    }
}
