using System.Management.Automation;
using Mcp.PowerShell.Completion;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "McpRelease")]
[OutputType(typeof(McpRelease))]
public sealed class GetMcpReleaseCmdlet : ReleaseCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NameOf("Service", "Name")]
    [Alias("Name")]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Service { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Node { get; set; }

    private protected override string[]? NodeNames => Node;

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        await foreach (var (node, _, releases) in FindReleasesAsync(Service, cancellationToken))
        {
            foreach (var release in releases)
                WriteObject(release.ToObject(node.Name));
        }
    }
}
