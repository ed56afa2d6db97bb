using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Mcp.Core.Client.Workstation;

namespace Mcp.PowerShell.Completion;

/// <summary>What the completers share: they never throw, take half a second at most, see through quotes, and quote what needs it.</summary>
public abstract class NameCompleter : IArgumentCompleter
{
    /// <summary>Together with reading files well under half a second.</summary>
    private protected static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(300);

    private static readonly char[] NeedQuotes = [' ', '\'', '"', '`', '$', '(', ')', '{', '}', ';', ',', '|', '&', '@', '#', '<', '>'];

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var written = (wordToComplete ?? "").Trim('\'', '"');
            var pattern = new WildcardPattern(written + "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
            var overrides = fakeBoundParameters?["ServicesDirectory"] is string folder
                ? new WorkstationOverrides { ServicesDirectory = new(folder, "-ServicesDirectory") } : WorkstationOverrides.None;
            var config = WorkstationConfig.Load(WorkstationEnvironment.Current, fakeBoundParameters?["Config"] as string, "-Config", overrides);
            return [.. Names(config, fakeBoundParameters ?? new Hashtable())
                .Where(name => pattern.IsMatch(name)).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)
                .Select(name => new CompletionResult(Quoted(name), name, CompletionResultType.ParameterValue, name))];
        }
        catch (Exception)
        {
            // A broken config is reported by the command; a key press must not.
            return [];
        }
    }

    private protected abstract IEnumerable<string> Names(WorkstationConfig config, IDictionary bound);

    private protected static ServiceDirectory Definitions(WorkstationConfig config) =>
        config.OpenServices(WorkstationEnvironment.Current);

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

    private static string Quoted(string name) =>
        name.IndexOfAny(NeedQuotes) < 0 ? name : "'" + name.Replace("'", "''", StringComparison.Ordinal) + "'";
}
