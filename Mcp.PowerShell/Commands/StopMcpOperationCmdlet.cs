using System.Management.Automation;
using Mcp.Core;
using Mcp.Core.Client;
using Mcp.Core.Operations;
using Mcp.PowerShell.Completion;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Stop, "McpOperation", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class StopMcpOperationCmdlet : NodeFilterCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NameOf("Service", "Name", Required = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Service { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (var service in Service!)
            if (ShouldProcess(service, "Cancel the operation that runs on it, and take back what it has done"))
                await StopAsync(service, cancellationToken);
    }

    private async Task StopAsync(string service, CancellationToken cancellationToken)
    {
        var found = false;
        await foreach (var (node, cancelled) in AskAsync((client, token) => CancelAsync(client, service, token), cancellationToken))
        {
            if (cancelled is null)
                continue;
            found = true;
            var what = $"the {StateText.Of(cancelled.Kind)} of {service} by {cancelled.Actor}";
            WriteVerbose($"Cancelling {what} (operation {cancelled.OperationId} on {node.Name})");
            var end = await EndAsync(FleetOf([node]).Client(node), cancelled.OperationId, cancellationToken);
            if (end.Outcome == OperationOutcome.RolledBack)
                WriteVerbose($"{service}: {end.Message}; it is as before");
            else
                WriteError(
                    new McpException(
                        ErrorKind.OperationFailed, "not-cancelled", $"{what} was not taken back: {end.Message}", end.Remedy, node.Name),
                    service);
        }
        if (!found && Answered.Count > 0)
            NotFound("no-operation", $"no operation runs on service '{service}' {Where}", "see what ran with Get-McpAudit", service);
    }

    /// <summary>null: none runs there.</summary>
    private static async Task<CancelledOperation?> CancelAsync(AgentClient client, string service, CancellationToken cancellationToken)
    {
        try
        {
            return await client.CancelOperationAsync(service, cancellationToken);
        }
        catch (McpException e) when (e.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }

    private static async Task<OperationEnded> EndAsync(AgentClient client, string operation, CancellationToken cancellationToken)
    {
        await foreach (var update in client.WatchOperationAsync(operation, cancellationToken))
            if (update is OperationEnded end)
                return end;
        throw new McpException(ErrorKind.OperationFailed, "no-result", "the operation ended without a result", "", client.Node.Name);
    }
}
