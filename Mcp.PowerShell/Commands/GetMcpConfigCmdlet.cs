using System.Management.Automation;
using Mcp.Core;
using Mcp.PowerShell.Pipeline;

namespace Mcp.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "McpConfig")]
[OutputType(typeof(McpSetting))]
public sealed class GetMcpConfigCmdlet : SettingsCmdlet
{
    /// <summary>Settings as the config file names them: build.workspace, registry.*.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NameOf("Name")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        var names = new NamePatterns(Name);
        var settings = Workstation.Describe();
        foreach (var setting in settings.Where(s => names.Match(s.Key)))
            WriteObject(setting.ToObject());
        foreach (var missing in names.Missing)
            NotFound(
                "unknown-setting", $"there is no setting '{missing}'",
                NearestName.Remedy(missing, [.. settings.Select(s => s.Key)], "settings"), missing);
        return Task.CompletedTask;
    }
}
