using System.Globalization;
using System.Management.Automation;
using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Collections;
using Mcp.Core.Operations;
using Mcp.PowerShell.Completion;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsCommon.Undo, "McpDeploy", SupportsShouldProcess = true)]
[OutputType(typeof(McpDeployResult))]
public sealed class UndoMcpDeployCmdlet : ServiceActionCmdlet
{
    /// <summary>A release's number; otherwise the last successful one before the current release.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("Number")]
    [ArgumentCompleter(typeof(ReleaseNumberCompleter))]
    [ValidateRange(1, int.MaxValue)]
    public int? To { get; set; }

    /// <summary>Replace also what is unchanged.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var targets = new List<(NodeConfig Node, string Service, ValueList<Release> Releases)>();
        await foreach (var target in FindReleasesAsync(Service, cancellationToken))
            targets.Add(target);

        foreach (var (node, service, releases) in targets)
        {
            if (ShouldProcess($"{service} on {node.Name}", Action(releases)))
                await UndoAsync(FleetOf([node]).Client(node), service, cancellationToken);
        }
    }

    /// <summary>The node says whether there is such a release, and whether it can be deployed again.</summary>
    private string Action(ValueList<Release> releases)
    {
        var target = To is { } number ? releases.FirstOrDefault(r => r.Number == number) : LastSuccessfulRelease.Find(releases, out _);
        var where = target is not null
            ? Name(target)
            : To is null
            ? "the last successful release"
            : string.Create(CultureInfo.InvariantCulture, $"release {To}");
        return $"Roll back to {where}{(releases.FirstOrDefault(r => r.Current) is { } now ? $"; now it is {Name(now)}" : "")}";
    }

    private static string Name(Release release) => string.Create(CultureInfo.InvariantCulture,
        $"release {release.Number} of " +
        $"{release.StartedAt.LocalDateTime:yyyy-MM-dd HH:mm}{(release.Images.Count > 0 ? ", " + ReleaseText.Images(release) : "")}");

    private async Task UndoAsync(AgentClient client, string service, CancellationToken cancellationToken)
    {
        var node = client.Node.Name;
        var done = await FollowAsync(
            $"Rolling back {service} on {node}", node, "asking the node",
            token => client.RollbackAsync(service, To, new() { Force = Force, Wait = Wait }, token),
            _ => service, state => state.ToObject(service), cancellationToken);
        if (done is not null)
            WriteObject(done.ToObject(service));
    }
}
