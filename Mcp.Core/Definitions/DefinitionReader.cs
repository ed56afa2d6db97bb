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

/// <summary>Reads a service's TOML file. Never throws for what a person wrote: mistakes of syntax, of type, unknown keys and broken rules all come back at once,
/// each with its place and what to write instead.</summary>
public static class DefinitionReader
{
    internal const string PortForm = "write \"host:container\" or \"ip:host:container\", with /udp after it where it isn't TCP";
    internal const string VolumeForm = "write \"source:target\" or \"source:target:ro\", source an absolute path or the name of a volume";
    internal const string KindForm = "write \"task\" for what runs to its end (a migration, say), or leave the line out";
    internal const string ModeForm = "write \"l4\" (TLS passed through) or \"l7\" (TLS ends at the ingress)";

    /// <summary>No definition is this large; something else was named by mistake.</summary>
    public const int MaxBytes = 1024 * 1024;

    private static readonly string[] ServiceKeys = ["name", "node", "active", "path", "version", "tier", "build", "components"];
    private static readonly string[] ComponentKeys = ["name", "image", "kind", "network", "user", "restart", "depends_on", "strategy", "drain", "stop_timeout", "timeout", "ports", "volumes", "cmd", "env", "health", "routes"];
    private static readonly string[] RouteKeys = ["name", "port", "mode", "hostname", "public"];

    /// <param name="fileName">As messages shall name it; nothing is opened.</param>
    /// <param name="images">Filled in before the rules are checked; null: what stands in the text has to be complete.</param>
    public static DefinitionReadResult Read(string text, string? fileName, ImageDefaults? images = null) => Read(TomlDocument.Read(text, fileName), images);

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
            return Unreadable(path, $"can't be read: {e.Message}", Directory.Exists(path) ? "name a file, not a directory" : "check the file and its permissions");
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
        problems = problems.Concat(DefinitionValidator.Validate(definition, document.Source)).OrderBy(p => p.Line).ThenBy(p => p.Column).ToValueList();
        return new(problems.Count == 0 ? definition : null, problems) { Warnings = document.Warnings };
    }

    private static ServiceDefinition ReadService(TableReader table)
    {
        foreach (var key in ComponentKeys.Except(ServiceKeys))
            table.Hint(key, $"'{key}' belongs to a component: move it below its [[components]]");
        foreach (var key in RouteKeys.Except(ComponentKeys).Except(ServiceKeys))
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
            Components = table.Tables("components").Select(ReadComponent).ToValueList(),
        };
    }

    private static ComponentDefinition ReadComponent(TableReader table)
    {
        foreach (var key in ServiceKeys.Except(ComponentKeys))
            table.Hint(key, $"'{key}' belongs to the service: move it above the first [header]");
        foreach (var key in RouteKeys.Except(ComponentKeys).Except(["port"]))
            table.Hint(key, $"'{key}' belongs to a route: move it below its [[components.routes]]");
        table.Hint("command", "did you mean 'cmd'?");
        table.Hint("healthcheck", "did you mean 'health'?");
        return new ComponentDefinition
        {
            Name = table.String("name") ?? "",
            Image = table.String("image") ?? "",
            Network = table.String("network"),
            User = table.String("user"),
            Restart = table.String("restart"),
            Kind = ReadKind(table),
            DependsOn = table.Strings("depends_on"),
            Strategy = ReadStrategy(table),
            Drain = DurationField.Read(table, "drain"),
            StopTimeout = DurationField.Read(table, "stop_timeout"),
            Timeout = DurationField.Read(table, "timeout"),
            Ports = table.Parsed("ports", PortMapping.TryParse, ExplainPort),
            Volumes = table.Parsed("volumes", VolumeMount.TryParse, ExplainVolume),
            Command = table.Strings("cmd"),
            Environment = table.Strings("env"),
            Health = table.Table("health") is { } health ? HealthSection.Read(health) : null,
            Routes = table.Tables("routes").Select(ReadRoute).ToValueList(),
        };
    }

    private static RouteDefinition ReadRoute(TableReader table)
    {
        foreach (var key in ComponentKeys.Except(RouteKeys).Except(["ports"]))
            table.Hint(key, $"'{key}' belongs to the component: move it above its [[components.routes]]");
        foreach (var key in ServiceKeys.Except(ComponentKeys))
            table.Hint(key, $"'{key}' belongs to the service: move it above the first [header]");
        return new RouteDefinition
        {
            Name = table.String("name") ?? "",
            Port = (int)(table.Integer("port", 1, 65535) ?? 0),
            Mode = ReadMode(table),
            Hostname = table.String("hostname"),
            Public = table.Boolean("public") ?? false,
        };
    }

    private static ComponentKind ReadKind(TableReader table)
    {
        var kind = table.String("kind");
        if (kind is not (null or "server" or "task"))
            table.Report("kind", $"kind is '{kind}'", KindForm);
        return kind == "task" ? ComponentKind.Task : ComponentKind.Server;
    }

    private static DeployStrategy ReadStrategy(TableReader table)
    {
        if (table.String("strategy") is not { } text)
            return DeployStrategy.Auto;
        if (StrategyNames.TryParse(text) is { } strategy)
            return strategy;
        table.Report("strategy", $"strategy is '{text}'", NearestName.Remedy(text, StrategyNames.All, "strategies"));
        return DeployStrategy.Auto;
    }

    private static RouteMode ReadMode(TableReader table)
    {
        var mode = table.String("mode");
        if (mode is not (null or "l4" or "l7"))
            table.Report("mode", $"mode is '{mode}'", ModeForm);
        return mode == "l7" ? RouteMode.L7 : RouteMode.L4;
    }

    private static (string Message, string Remedy) ExplainPort(string text)
    {
        _ = PortMapping.TryParse(text, out var fault);
        return ($"'{text}' is not a port: {fault}", PortForm);
    }

    private static (string Message, string Remedy) ExplainVolume(string text)
    {
        _ = VolumeMount.TryParse(text, out var fault);
        return ($"'{text}' is not a volume: {fault}", VolumeForm);
    }
}
