using Mcp.Core.Collections;
using Mcp.Core.Toml;

namespace Mcp.Core.Definitions;

/// <param name="Definition">null when there are problems.</param>
/// <param name="Problems">All of them, in the order of the file.</param>
public sealed record DefinitionReadResult(ServiceDefinition? Definition, ValueList<Problem> Problems)
{
    /// <summary>Keys that are allowed and have no effect, in the order of the file.</summary>
    public ValueList<Problem> Warnings { get; init; } = [];
}

/// <summary>Reads a service's TOML file. Never throws for what a person wrote: mistakes of syntax, of type, unknown keys and broken rules
/// all come back at once, each with its place and what to write instead.</summary>
public static class DefinitionReader
{
    /// <summary>No definition is this large; something else was named by mistake.</summary>
    public const int MaxBytes = 1024 * 1024;

    internal static readonly string[] Keys = ["name", "node", "active", "path", "version", "tier", "build", "components"];

    /// <param name="fileName">The name in messages; nothing is opened.</param>
    /// <param name="images">Filled in before the rules are checked; null: the text has to be complete.</param>
    public static DefinitionReadResult Read(string text, string? fileName, ImageDefaults? images = null) =>
        Read(TomlDocument.Read(text, fileName), images);

    /// <summary>Reads text that <see cref="DefinitionWriter"/> wrote, perhaps that of another version: rules are not applied and unknown
    /// keys are ignored. What remains to go wrong is syntax, types and values that can't be represented.</summary>
    public static DefinitionReadResult ReadStored(string text)
    {
        var document = TomlDocument.Read(text, null);
        var definition = ReadService(document.Root);
        return new(document.Problems.Count == 0 ? definition : null, document.Problems);
    }

    /// <summary>A file that can't be read is a problem too.</summary>
    public static DefinitionReadResult ReadFile(string path, ImageDefaults? images = null)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MaxBytes)
                return Unreadable(path, $"has {file.Length} bytes, too many for a service definition", "name the service's TOML file");
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return Read(TomlDocument.Read(bytes, path), images);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Unreadable(path, "does not exist", "check the path, or create the file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable(path, $"can't be read: {e.Message}",
                Directory.Exists(path) ? "name a file, not a directory" : "check the file and its permissions");
        }
    }

    private static DefinitionReadResult Unreadable(string path, string message, string remedy) =>
        new(null, [new Problem(path, 0, 0, "the definition " + message, remedy)]);

    private static DefinitionReadResult Read(TomlDocument document, ImageDefaults? images)
    {
        var definition = ReadService(document.Root);
        definition = images?.Resolve(definition) ?? definition;
        var problems = document.Finish();
        if (document.LostTables)
            document.Source.Settle("components");
        problems = problems.Concat(DefinitionValidator.Validate(definition, document.Source))
            .OrderBy(p => p.Line).ThenBy(p => p.Column).ToValueList();
        return new(problems.Count == 0 ? definition : null, problems) { Warnings = document.Warnings };
    }

    private static ServiceDefinition ReadService(TableReader table)
    {
        foreach (var key in ComponentSection.Keys.Except(Keys))
            table.Hint(key, $"'{key}' belongs to a component: move it below its [[components]]");
        foreach (var key in RouteSection.Keys.Except(ComponentSection.Keys).Except(Keys))
            table.Hint(key, $"'{key}' belongs to a route: move it below its [[components.routes]]");
        table.Ignore("snapshot", "remove it, or keep it for a later version");
        var build = table.Table("build");
        build?.Ignore("uses_mcdsl", "remove the line when the Go tool no longer reads this file");
        return new ServiceDefinition
        {
            Name = table.String("name") ?? "",
            Node = table.String("node"),
            Active = table.Boolean("active") ?? true,
            Path = table.String("path"),
            Version = table.String("version"),
            Tier = table.String("tier"),
            BuildImages = build?.StringMap("images") ?? ValueMap.Empty,
            BuildArguments = build?.StringMap("args") ?? ValueMap.Empty,
            Components = table.Tables("components").Select(ComponentSection.Read).ToValueList(),
        };
    }
}
