using System.Management.Automation;
using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsDiagnostic.Test, "McpDefinition")]
[OutputType(typeof(McpDefinitionProblem), typeof(bool))]
public sealed class TestMcpDefinitionCmdlet : McpCmdlet
{
    /// <summary>Definition files; none means all of the services folder.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "File")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>Only whether each file is right.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (var file in Files())
        {
            cancellationToken.ThrowIfCancellationRequested();
            Test(file);
        }
        return Task.CompletedTask;
    }

    private IEnumerable<string> Files()
    {
        if (Path is null)
            return Services.Names().Select(Services.PathOf);
        return Path.SelectMany(Files);
    }

    private void Test(string file)
    {
        if (!File.Exists(file))
        {
            NotFound("unknown-file", $"there is no file {file}", "check the path", file);
            return;
        }
        try
        {
            foreach (var warning in Services.ReadFile(file).Warnings)
                WriteWarning(warning.ToString());
            if (Quiet)
                WriteObject(true);
        }
        catch (McpException e) when (e.Problems.Count > 0)
        {
            if (Quiet)
                WriteObject(false);
            else
                WriteObject(e.Problems.Select(p => p.ToObject()), enumerateCollection: true);
        }
        catch (McpException e)
        {
            WriteError(e, file);
        }
    }
}
