using System.CommandLine;
using System.CommandLine.Parsing;

namespace Mcp.Cli.Arguments;

/// <summary>"service" or "service/component".</summary>
internal sealed record ServiceTarget(string Service, string? Component)
{
    public override string ToString() => Component is null ? Service : $"{Service}/{Component}";

    public static Argument<ServiceTarget?> Argument(string description, bool required = true) => new("service[/component]")
    {
        Description = description,
        Arity = required ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
        HelpName = "service[/component]",
        CustomParser = Parse,
    };

    private static ServiceTarget? Parse(ArgumentResult result)
    {
        if (result.Tokens.Count == 0)
            return null;
        var text = result.Tokens[0].Value;
        var parts = text.Split('/');
        if (parts.Length <= 2 && parts.All(p => p.Length > 0))
            return new(parts[0], parts.Length == 2 ? parts[1] : null);
        result.AddError($"'{text}' is neither a service nor service/component");
        return null;
    }
}
