using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Mcp.Core.Client.Workstation;

namespace Mcp.PowerShell.Completion;

/// <summary>What the completers share: they never throw, take a third of a second at most, and see through quotes.</summary>
public abstract class ConfigCompleter : IArgumentCompleter
{
    /// <summary>How long after they were asked nodes are waited for. Together with what a first call loads it stays below 300 ms, beyond
    /// which a key seems to be stuck.</summary>
    private protected static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(180);

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var overrides = fakeBoundParameters?["ServicesDirectory"] is string folder
                ? new WorkstationOverrides { ServicesDirectory = new(folder, "-ServicesDirectory") } : WorkstationOverrides.None;
            var config =
                WorkstationConfig.Load(WorkstationEnvironment.Current, fakeBoundParameters?["Config"] as string, "-Config", overrides);
            return [.. Results(config, fakeBoundParameters ?? new Hashtable(), (wordToComplete ?? "").Trim('\'', '"'))];
        }
        catch (Exception)
        {
            // A broken config is reported by the command; a key press must not.
            return [];
        }
    }

    /// <param name="written">The beginning of the word, without quotes.</param>
    private protected abstract IEnumerable<CompletionResult> Results(WorkstationConfig config, IDictionary bound, string written);

    /// <summary>Whether a name is among those already written for another parameter; so when there are none.</summary>
    private protected static Func<string, bool> Asked(IDictionary bound, string parameter)
    {
        var written = bound[parameter] switch
        {
            null => [],
            string one => [one],
            IEnumerable several => several.Cast<object?>().Select(o => o?.ToString() ?? "").ToArray(),
            var other => [other.ToString() ?? ""],
        };
        var patterns = new Pipeline.NamePatterns(written);
        return patterns.Match;
    }
}
