using System.Globalization;
using Mcp.Core.Collections;

namespace Mcp.Core.Client.Workstation;

/// <summary>One setting as people read it.</summary>
/// <param name="Key">As in the file: "build.workspace", "nodes.alpha.token".</param>
/// <param name="Value">null when it is not set. A secret is "***".</param>
/// <param name="Source">Where it was said.</param>
public sealed record SettingLine(string Key, string? Value, string Source)
{
    internal static ValueList<SettingLine> Of(WorkstationConfig config) => All(config).ToValueList();

    private static IEnumerable<SettingLine> All(WorkstationConfig config)
    {
        yield return new("config", config.File.Value, config.Exists ? config.File.Source : config.File.Source + ", not there");
        yield return Line("services.dir", config.ServicesDirectory);
        yield return Line("build.workspace", config.Workspace);
        yield return Line("build.engine", config.Engine);
        yield return new("registry.kind", config.Registry.Kind.Value.ToString().ToLowerInvariant(), config.Registry.Kind.Source);
        yield return Line("registry.address", config.Registry.Address);
        foreach (var host in config.Registry.Hosts)
        {
            yield return new($"registry.hosts.\"{host.Host}\".insecure", host.Insecure ? "true" : "false", host.Source);
            if (host.CaFile is { } ca)
                yield return new($"registry.hosts.\"{host.Host}\".ca_cert", ca, host.Source);
        }
        foreach (var node in config.Nodes)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"nodes.{node.Name}");
            yield return new($"{key}.address", node.Address.GetLeftPart(UriPartial.Authority), node.Source);
            if (node.Fingerprint is { } pin)
                yield return new($"{key}.fingerprint", pin.ToString(), node.Source);
            if (node.CaCertificatePath is { } ca)
                yield return new($"{key}.ca_cert", ca, node.Source);
            yield return node.TokenPath is { } path ? new($"{key}.token_path", path, node.Source) : new($"{key}.token", "***", node.Source);
        }
    }

    private static SettingLine Line(string key, Setting<string>? setting) => new(key, setting?.Value, setting?.Source ?? Setting.Default);
}
