using Mcp.Core.Collections;
using Mcp.Core.Toml;

namespace Mcp.Core.Definitions;

/// <summary>Writes a definition as the TOML file a person would have written: what is at its default is left out, keys stand in the order of the documentation.
/// Reading the text gives an equal definition.</summary>
public static class DefinitionWriter
{
    public static string Write(ServiceDefinition definition)
    {
        var table = new TomlTable();
        table.Add("name", TomlScalar.Of(definition.Name));
        AddText(table, "node", definition.Node);
        if (!definition.Active)
            table.Add("active", TomlScalar.Of(false));
        AddText(table, "path", definition.Path);
        AddText(table, "version", definition.Version);
        AddText(table, "tier", definition.Tier);
        if (definition.BuildImages.Count + definition.BuildArguments.Count > 0)
            table.Add("build", Build(definition));
        if (definition.Components.Count > 0)
            table.Add("components", new TomlArray(definition.Components.Select(Component)));
        return TomlWriter.Write(table);
    }

    private static TomlTable Build(ServiceDefinition definition)
    {
        var build = new TomlTable();
        AddMap(build, "images", definition.BuildImages);
        AddMap(build, "args", definition.BuildArguments);
        return build;
    }

    private static TomlTable Component(ComponentDefinition component)
    {
        var table = new TomlTable();
        table.Add("name", TomlScalar.Of(component.Name));
        table.Add("image", TomlScalar.Of(component.Image));
        if (component.Kind == ComponentKind.Task)
            table.Add("kind", TomlScalar.Of("task"));
        AddText(table, "network", component.Network);
        AddText(table, "user", component.User);
        AddText(table, "restart", component.Restart);
        AddTexts(table, "depends_on", component.DependsOn);
        if (component.Strategy != DeployStrategy.Auto)
            table.Add("strategy", TomlScalar.Of(StrategyNames.Of(component.Strategy)));
        AddText(table, "drain", Text(component.Drain));
        AddText(table, "stop_timeout", Text(component.StopTimeout));
        AddText(table, "timeout", Text(component.Timeout));
        AddTexts(table, "ports", component.Ports.Select(p => p.ToString()));
        AddTexts(table, "volumes", component.Volumes.Select(v => v.ToString()));
        AddTexts(table, "cmd", component.Command);
        AddTexts(table, "env", component.Environment);
        if (component.Health is { } health)
            table.Add("health", HealthSection.Write(health));
        if (component.Routes.Count > 0)
            table.Add("routes", new TomlArray(component.Routes.Select(Route)));
        return table;
    }

    private static TomlTable Route(RouteDefinition route)
    {
        var table = new TomlTable();
        if (route.Name.Length > 0)
            table.Add("name", TomlScalar.Of(route.Name));
        table.Add("port", TomlScalar.Of(route.Port));
        table.Add("mode", TomlScalar.Of(route.Mode == RouteMode.L7 ? "l7" : "l4"));
        AddText(table, "hostname", route.Hostname);
        if (route.Public)
            table.Add("public", TomlScalar.Of(true));
        return table;
    }

    private static string? Text(TimeSpan? duration) => duration is { } given ? DurationText.Of(given) : null;

    private static void AddMap(TomlTable table, string key, ValueMap map)
    {
        if (map.Count == 0)
            return;
        var entries = new TomlTable();
        foreach (var (name, value) in map)
            entries.Add(name, TomlScalar.Of(value));
        table.Add(key, entries);
    }

    private static void AddText(TomlTable table, string key, string? text)
    {
        if (text is not null)
            table.Add(key, TomlScalar.Of(text));
    }

    private static void AddTexts(TomlTable table, string key, IEnumerable<string> texts)
    {
        var array = new TomlArray(texts.Select(t => TomlScalar.Of(t)));
        if (array.Count > 0)
            table.Add(key, array);
    }
}
