using System.Management.Automation;
using Mcp.Core.Client;
using Mcp.Core.Client.Sync;
using Mcp.Core.Collections;
using Mcp.PowerShell.Completion;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsData.Sync, "McpService", SupportsShouldProcess = true)]
[OutputType(typeof(McpSyncResult))]
public sealed class SyncMcpServiceCmdlet : DeployOptionsCmdlet
{
    private readonly List<string> _named = [];

    /// <summary>Services that have a file in the services folder; none means all, and looks for services that have no file.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NameOf("Service", "Name", Required = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(DefinitionNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Service { get; set; }

    /// <summary>Only services that belong there.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Node { get; set; }

    /// <summary>While another operation has a service: wait for it.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    private protected override bool Waits => Wait;

    /// <summary>Names are gathered: all files, images and nodes are looked at before the first change.</summary>
    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (Service is not null)
            _named.AddRange(Defined(Service));
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        // A wildcard or an empty pipeline that named nothing must not come to mean everything.
        if (_named.Count == 0 && (Service is not null || Piped))
            return;
        var pipeline = new SyncPipeline(Workstation, Services, Fleet, Preparation);
        var prepared = pipeline.Prepare(new(_named.Distinct().ToValueList(), Node) { Options = Options });
        var agreed = prepared.Deploys
            .Where(
                d =>
                    ShouldProcess(
                        $"{d.Definition.Name} on {d.Node.Name}",
                        $"Sync {string.Join(", ", d.Definition.Components.Select(c => c.Image).Distinct())}"))
            .ToValueList();
        if (agreed.Count > 0)
            await SyncAsync(pipeline, prepared with { Deploys = agreed }, cancellationToken);
    }

    private async Task SyncAsync(SyncPipeline pipeline, PreparedSync sync, CancellationToken cancellationToken)
    {
        var reports = new SyncReports(this);
        try
        {
            await foreach (var update in Background.Each(token => pipeline.RunAsync(sync, token), cancellationToken))
            {
                switch (update)
                {
                    case SyncProgressed progressed:
                        reports.Of(progressed.Service, progressed.Node).Show(progressed.Update);
                        break;
                    case SyncNodeFailed failed:
                        WriteError(failed.Error, failed.Node);
                        break;
                    case SyncOrphan orphan:
                        WriteWarning(orphan.ToObject().Message);
                        WriteObject(orphan.ToObject());
                        break;
                    case SyncEnded { Result: var result }:
                        reports.Close(result.Service, result.Node);
                        Ended(result);
                        break;
                }
            }
        }
        finally
        {
            reports.Close();
        }
    }

    /// <summary>Each service gets an object, so that the table has them all; those that failed an error as well. Why a node was not reached
    /// has been said for all of its services.</summary>
    private void Ended(SyncResult result)
    {
        if (result.Error is { } error && result.Outcome != SyncOutcome.Unreachable)
            WriteError(error, result.ToObject());
        WriteObject(result.ToObject());
    }
}
