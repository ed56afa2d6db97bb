using System.CommandLine;
using System.Text.Json.Nodes;
using Mcp.Cli.Output;
using Mcp.Core;
using Mcp.Core.Client;
using Mcp.Core.Definitions;
using Spectre.Console;

namespace Mcp.Cli.Commands;

internal static class DefinitionCheckCommand
{
    public static Command Create(CommandBinding binding)
    {
        var files =
            new Argument<string[]>("file") { Description = "Definition files (none: all in the services folder)",
                Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("check", "Check definition files; says every mistake with its place. Asks no node.") { files };
        binding.Bind(command, context =>
        {
            var named = context.Arguments.GetValue(files) ?? [];
            if (named.Length == 0)
                named = [.. context.Services.Names().Select(context.Services.PathOf)];
            if (named.Length == 0)
                throw new McpException(
                    ErrorKind.Usage, "no-definitions", $"there are no definitions in {context.Services.Folder}",
                    "name files, or set MCP_SERVICES_DIR or [services] dir");

            var results = named.Select(file => Check(context, file)).ToList();
            if (context.Json)
                JsonOutput.WriteList(context.Host.Out, results.Select(Json));
            else
                results.ForEach(r => Show(context, r));
            return results.Exists(r => r.Problems.Count > 0) ? ExitCode.Usage : ExitCode.Done;
        });
        return command;
    }

    private static void Show(CommandContext context, Checked result)
    {
        foreach (var problem in result.Problems)
            context.Host.Error.Write(new Text(problem + "\n"));
        foreach (var warning in result.Warnings)
            ErrorView.WriteWarning(context.Host.Error, warning.ToString());
        if (result is { Problems.Count: 0, Definition: { } definition } && !context.Quiet)
        {
            var components = definition.Components.Count == 1 ? "1 component" : $"{definition.Components.Count} components";
            context.Host.Console.Write(
                new Paragraph(result.File + ": ").Append("ok", StateStyle.Good)
                    .Append($", service {definition.Name} with {components}{Placement(definition)}\n"));
        }
    }

    private static string Placement(ServiceDefinition definition)
    {
        var routes = definition.Components.SelectMany(c => c.Routes).Count(r => r.Public);
        return (definition.Tier is { } tier ? $", tier {tier}" : "") +
            (routes > 0 ? $", {(routes == 1 ? "1 public route" : $"{routes} public routes")}" : "");
    }

    private static JsonObject Json(Checked result) => new()
    {
        ["file"] = result.File,
        ["service"] = result.Definition?.Name,
        ["valid"] = result.Problems.Count == 0,
        ["tier"] = result.Definition?.Tier,
        ["warnings"] = new JsonArray([.. result.Warnings.Select(p => JsonOutput.Of(null, p))]),
        ["problems"] = new JsonArray([.. result.Problems.Select(p => JsonOutput.Of(null, p))]),
    };

    private sealed record Checked(
        string File, ServiceDefinition? Definition, IReadOnlyList<Problem> Problems, IReadOnlyList<Problem> Warnings);

    private static Checked Check(CommandContext context, string file)
    {
        try
        {
            var read = context.Services.ReadFile(file);
            return new(file, read.Definition, [], read.Warnings);
        }
        catch (McpException e)
        {
            return new(file, null, e.Problems.Count > 0 ? e.Problems : [new Problem(null, 0, 0, e.Message, e.Remedy)], []);
        }
    }
}
