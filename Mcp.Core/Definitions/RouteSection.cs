using Mcp.Core.Toml;

namespace Mcp.Core.Definitions;

/// <summary>[[components.routes]] as text, both ways.</summary>
internal static class RouteSection
{
    internal const string ModeForm = "write \"l4\" (TLS passed through) or \"l7\" (TLS ends at the ingress)";

    public static readonly string[] Keys = ["name", "port", "mode", "hostname", "public"];

    public static RouteDefinition Read(TableReader table)
    {
        foreach (var key in ComponentSection.Keys.Except(Keys).Except(["ports"]))
            table.Hint(key, $"'{key}' belongs to the component: move it above its [[components.routes]]");
        foreach (var key in DefinitionReader.Keys.Except(ComponentSection.Keys))
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

    public static TomlTable Write(RouteDefinition route)
    {
        var table = new TomlTable();
        if (route.Name.Length > 0)
            table.Add("name", TomlScalar.Of(route.Name));
        table.Add("port", TomlScalar.Of(route.Port));
        table.Add("mode", TomlScalar.Of(route.Mode == RouteMode.L7 ? "l7" : "l4"));
        table.AddText("hostname", route.Hostname);
        if (route.Public)
            table.Add("public", TomlScalar.Of(true));
        return table;
    }

    private static RouteMode ReadMode(TableReader table)
    {
        var mode = table.String("mode");
        if (mode is not (null or "l4" or "l7"))
            table.Report("mode", $"mode is '{mode}'", ModeForm);
        return mode == "l7" ? RouteMode.L7 : RouteMode.L4;
    }
}
