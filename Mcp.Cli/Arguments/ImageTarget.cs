using System.CommandLine;
using System.CommandLine.Parsing;

namespace Mcp.Cli.Arguments;

/// <summary>"service" or "service/image", the image by its name in [build.images].</summary>
internal sealed record ImageTarget(string Service, string? Image)
{
    public static Argument<ImageTarget?> Argument(string description) => new("service[/image]")
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "service[/image]",
        CustomParser = Parse,
    };

    private static ImageTarget? Parse(ArgumentResult result)
    {
        if (result.Tokens.Count == 0)
            return null;
        var text = result.Tokens[0].Value;
        var parts = text.Split('/');
        if (parts.Length <= 2 && parts.All(p => p.Length > 0))
            return new(parts[0], parts.Length == 2 ? parts[1] : null);
        result.AddError($"'{text}' is neither a service nor service/image");
        return null;
    }
}
