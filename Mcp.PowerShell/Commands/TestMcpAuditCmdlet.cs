using System.Management.Automation;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsDiagnostic.Test, "McpAudit")]
[OutputType(typeof(McpAuditCheck))]
public sealed class TestMcpAuditCmdlet : NodeNameCmdlet
{
    /// <summary>A hash that an earlier check showed.</summary>
    [Parameter]
    [ValidatePattern("^[0-9a-f]{64}$")]
    public string ExpectedHash { get; set; } = "";

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        await foreach (var (node, check) in AskAsync((client, token) => client.VerifyAuditAsync(ExpectedHash, token), cancellationToken))
            WriteObject(check.ToObject(node.Name));
    }
}
