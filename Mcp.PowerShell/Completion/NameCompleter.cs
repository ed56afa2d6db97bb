using System.Collections;
using System.Management.Automation;
using Mcp.Core.Client.Workstation;

namespace Mcp.PowerShell.Completion;

/// <summary>Completes names, and quotes those that need it.</summary>
public abstract class NameCompleter : ConfigCompleter
{
    private static readonly char[] NeedQuotes = [' ', '\'', '"', '`', '$', '(', ')', '{', '}', ';', ',', '|', '&', '@', '#', '<', '>'];

    private protected sealed override IEnumerable<CompletionResult> Results(WorkstationConfig config, IDictionary bound, string written)
    {
        var pattern = new WildcardPattern(written + "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return Names(config, bound)
            .Where(name => pattern.IsMatch(name)).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)
            .Select(name => new CompletionResult(Quoted(name), name, CompletionResultType.ParameterValue, name));
    }

    private protected abstract IEnumerable<string> Names(WorkstationConfig config, IDictionary bound);

    private protected static ServiceDirectory Definitions(WorkstationConfig config) =>
        config.OpenServices(WorkstationEnvironment.Current);

    private static string Quoted(string name) =>
        name.IndexOfAny(NeedQuotes) < 0 ? name : "'" + name.Replace("'", "''", StringComparison.Ordinal) + "'";
}
