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

[Cmdlet(VerbsCommunications.Send, "McpImage", SupportsShouldProcess = true)]
[OutputType(typeof(McpSentImage))]
public sealed class SendMcpImageCmdlet : ImageCmdlet
{
    /// <summary>Only what these run.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ComponentNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Component { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Image { get; set; }

    /// <summary>Otherwise the definition's own, or the only one there is.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Node { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var pipeline = new ImagePipeline(Workstation, Services, Preparation);
        var components = new NamePatterns(Component);
        var choice = new ImageChoice(Image);
        var definitions = new List<ServiceDefinition>();
        var targets = new List<(ServiceDefinition Service, ImageNeed Image, NodeConfig Node)>();
        foreach (var name in Defined(Service!))
        {
            try
            {
                var definition = Services.Read(name).Definition;
                definitions.Add(definition);
                var images = ImageNeed.Of(definition).Where(n => n.Components.Where(components.Match).ToList().Count > 0 && choice.Match(n))
                    .ToList();
                targets.AddRange(NodesOf(definition).SelectMany(node => images.Select(image => (definition, image, node))));
            }
            catch (McpException e)
            {
                WriteError(e, name);
            }
        }
        ReportMissing(definitions, components, choice);

        foreach (var (service, image, node) in targets)
        {
            if (ShouldProcess($"{image.Image} to {node.Name}", "Send image"))
                await SendAsync(pipeline, service, image, node, cancellationToken);
        }
    }

    private IReadOnlyList<NodeConfig> NodesOf(ServiceDefinition definition)
    {
        if (Node is null)
            return [Workstation.SelectNode(definition.Node)];
        var names = new NamePatterns(Node);
        var nodes = Workstation.Nodes.Where(n => names.Match(n.Name)).ToList();
        // The config says best why it has none of that name.
        foreach (var missing in names.Missing)
            nodes.Add(Workstation.SelectNode(missing));
        return nodes;
    }

    private void ReportMissing(List<ServiceDefinition> definitions, NamePatterns components, ImageChoice choice)
    {
        if (definitions.Count == 0)
            return;
        var services = string.Join(", ", definitions.Select(d => d.Name));
        foreach (var name in components.Missing)
            NotFound(
                "unknown-component", $"{services} has no component '{name}'",
                NearestName.Remedy(name, [.. definitions.SelectMany(d => d.Components).Select(c => c.Name).Distinct()], "components"),
                name);
        foreach (var name in choice.Missing)
            NotFound(
                "unknown-image", $"{services} runs no image '{name}'",
                NearestName.Remedy(name, [.. definitions.SelectMany(d => ImageNeed.Of(d)).Select(n => n.Image.Name).Distinct()], "images"),
                name);
    }

    private async Task SendAsync(
        ImagePipeline pipeline, ServiceDefinition service, ImageNeed image, NodeConfig node, CancellationToken cancellationToken)
    {
        var report = new OperationReport(this, $"Sending {image.Image} to {node.Name}");
        var sent = new McpSentImage { Service = service.Name, Image = image.Image.ToString(), Node = node.Name, Sent = false };
        report.Show("looking for images");
        try
        {
            await foreach (var update in Background.Each(
                token => pipeline.SendAsync(new(service.Name, image.Image.Name), node.Name, token), cancellationToken))
            {
                report.Show(update);
                if (update is ImageReady { Result: var result } && result.Image == sent.Image)
                    sent = sent with
                    {
                        Sent = result.SentTo.Length > 0,
                        ImageId = result.ImageId,
                        Size = result.Size,
                        Layers = result.Layers,
                        LayersSent = result.LayersSent,
                        BytesSent = result.BytesSent,
                        Duration = result.Duration,
                    };
            }
        }
        catch (McpException e)
        {
            report.Close();
            WriteError(e, sent);
            return;
        }
        report.Close();
        if (!sent.Sent)
            WriteVerbose($"{node.Name} has {sent.Image} already");
        WriteObject(sent);
    }
}
