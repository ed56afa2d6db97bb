using Mcp.Core.Collections;
using Mcp.Core.Toml;

namespace Mcp.Core.Definitions;

/// <summary>[[components]] as text, both ways: keys have the order of the documentation, what is at its default is left out.</summary>
internal static class ComponentSection
{
    internal const string PortForm = "write \"host:container\" or \"ip:host:container\", with /udp after it where it isn't TCP";
    internal const string VolumeForm = "write \"source:target\" or \"source:target:ro\", source an absolute path or the name of a volume";
    internal const string KindForm = "write \"task\" for what runs to its end (a migration, say), or leave the line out";

    public static readonly string[] Keys =
    [
        "name", "image", "kind", "network", "user", "restart", "memory", "depends_on", "strategy", "drain",
        "stop_timeout", "timeout", "ports", "volumes", "cmd", "env", "health", "routes",
    ];

    public static ComponentDefinition Read(TableReader table)
    {
        foreach (var key in DefinitionReader.Keys.Except(Keys))
            table.Hint(key, $"'{key}' belongs to the service: move it above the first [header]");
        foreach (var key in RouteSection.Keys.Except(Keys).Except(["port"]))
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
            Memory = ReadMemory(table),
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
            Routes = table.Tables("routes").Select(RouteSection.Read).ToValueList(),
        };
    }

    public static TomlTable Write(ComponentDefinition component)
    {
        var table = new TomlTable();
        table.Add("name", TomlScalar.Of(component.Name));
        table.Add("image", TomlScalar.Of(component.Image));
        if (component.Kind == ComponentKind.Task)
            table.Add("kind", TomlScalar.Of("task"));
        table.AddText("network", component.Network);
        table.AddText("user", component.User);
        table.AddText("restart", component.Restart);
        table.AddText("memory", component.Memory?.ToString());
        table.AddTexts("depends_on", component.DependsOn);
        if (component.Strategy != DeployStrategy.Auto)
            table.Add("strategy", TomlScalar.Of(StrategyNames.Of(component.Strategy)));
        table.AddText("drain", DurationField.Write(component.Drain));
        table.AddText("stop_timeout", DurationField.Write(component.StopTimeout));
        table.AddText("timeout", DurationField.Write(component.Timeout));
        table.AddTexts("ports", component.Ports.Select(p => p.ToString()));
        table.AddTexts("volumes", component.Volumes.Select(v => v.ToString()));
        table.AddTexts("cmd", component.Command);
        table.AddTexts("env", component.Environment);
        if (component.Health is { } health)
            table.Add("health", HealthSection.Write(health));
        if (component.Routes.Count > 0)
            table.Add("routes", new TomlArray(component.Routes.Select(RouteSection.Write)));
        return table;
    }

    private static MemoryLimit? ReadMemory(TableReader table)
    {
        var fault = "";
        var text = table.StringOrInteger("memory", MemoryLimit.Form);
        var memory = text is null ? null : MemoryLimit.TryParse(text, out fault);
        if (fault.Length > 0)
            table.Report("memory", $"memory: '{text}' {fault}", MemoryLimit.Form);
        return memory;
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
