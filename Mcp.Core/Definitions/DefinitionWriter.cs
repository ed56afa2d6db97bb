using Mcp.Core.Collections;
using Mcp.Core.Toml;

namespace Mcp.Core.Definitions;

/// <summary>Writes a definition as the TOML file a person would have written: what is at its default is left out, keys have the order of
/// the documentation. Reading the text gives an equal definition.</summary>
public static class DefinitionWriter
{
    public static string Write(ServiceDefinition definition)
    {
        var table = new TomlTable();
        table.Add("name", TomlScalar.Of(definition.Name));
        table.AddText("node", definition.Node);
        if (!definition.Active)
            table.Add("active", TomlScalar.Of(false));
        table.AddText("path", definition.Path);
        table.AddText("version", definition.Version);
        table.AddText("tier", definition.Tier);
        if (definition.BuildImages.Count + definition.BuildArguments.Count > 0)
            table.Add("build", Build(definition));
        if (definition.Components.Count > 0)
            table.Add("components", new TomlArray(definition.Components.Select(ComponentSection.Write)));
        return TomlWriter.Write(table);
    }

    private static TomlTable Build(ServiceDefinition definition)
    {
        var build = new TomlTable();
        AddMap(build, "images", definition.BuildImages);
        AddMap(build, "args", definition.BuildArguments);
        return build;
    }

    private static void AddMap(TomlTable table, string key, ValueMap map)
    {
        if (map.Count == 0)
            return;
        var entries = new TomlTable();
        foreach (var (name, value) in map)
            entries.Add(name, TomlScalar.Of(value));
        table.Add(key, entries);
    }
}
