using System.Management.Automation;
using Mcp.PowerShell.Completion;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "McpComponent")]
[OutputType(typeof(McpComponent))]
public sealed class GetMcpComponentCmdlet : NodeCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Service { get; set; }

    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NameOf("Component", "Name")]
    [Alias("Name")]
    [ArgumentCompleter(typeof(ComponentNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Component { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Node { get; set; }

    private protected override string[]? NodeNames => Node;

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var services = new NamePatterns(Service);
        var components = new NamePatterns(Component);
        await foreach (var (node, _, found) in FindAsync(services, components, cancellationToken))
        {
            foreach (var component in found)
                WriteObject(component.ToObject(node.Name));
        }
        ReportMissing(services, components);
    }
}
