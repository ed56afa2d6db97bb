using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Toml;

namespace Mcp.Core.Client.Workstation;

/// <summary>Everything in mcp.toml but the nodes: the caller's parameters over the environment over the file.</summary>
internal sealed class SettingsReader(TomlDocument document, WorkstationEnvironment environment, WorkstationOverrides overrides, string file)
{
    public const string ServicesVariable = "MCP_SERVICES_DIR";
    public const string WorkspaceVariable = "MCP_BUILD_WORKSPACE";
    public const string EngineVariable = "MCP_BUILD_ENGINE";
    public const string RegistryVariable = "MCP_REGISTRY_ADDRESS";
    public const string RegistryKindVariable = "MCP_REGISTRY_KIND";

    private const string KindRemedy = "write \"oci\" (images go through an image registry) or \"none\" (they go straight to the node)";

    private readonly string _folder = Path.GetDirectoryName(file)!;

    /// <summary>The config without its nodes. What the file says wrongly is reported to the document, what environment and parameters say
    /// wrongly is thrown.</summary>
    /// <exception cref="McpException">A variable or a parameter makes no sense.</exception>
    public WorkstationConfig Read(Setting<string> location)
    {
        // All sections are read, whichever source wins: a mistake in the file is one even when a variable hides it.
        // Each section once: a reader knows only the keys that it was itself asked for.
        var build = document.Root.Table("build");
        var registry = document.Root.Table("registry");
        var services = InFile(document.Root.Table("services"), "dir");
        var workspace = InFile(build, "workspace");
        var engine = InFile(build, "engine");
        var address = InFile(registry, "address");
        var kind = InFile(registry, "kind");
        var hosts = registry is null ? [] : Hosts(registry);
        if (address is not null && AddressProblem(address.Value) is { } wrong)
            registry!.Report("address", $"address is not one: {wrong}", "write host[:port] or host[:port]/path, without https://");
        if (kind is not null && Kind(kind.Value) is null)
            registry!.Report("kind", $"kind = \"{kind.Value}\" is unknown", KindRemedy);

        return new WorkstationConfig
        {
            File = location,
            ServicesDirectory = Full(overrides.ServicesDirectory ?? Variable(ServicesVariable)) ?? FromFile(services)
                ?? new(Path.Combine(_folder, "services"), Setting.Default),
            Workspace = Full(overrides.Workspace ?? Variable(WorkspaceVariable)) ?? FromFile(workspace),
            Engine = Engine(overrides.Engine ?? Variable(EngineVariable), environment.CurrentDirectory) ?? Engine(engine, _folder),
            Registry = new()
            {
                Address = Checked(overrides.Registry ?? Variable(RegistryVariable)) ?? address,
                Kind = CheckedKind(overrides.RegistryKind ?? Variable(RegistryKindVariable)) ?? Parsed(kind) ?? new(ImageRegistryKind.Oci,
                    Setting.Default),
                Hosts = hosts,
            },
        };
    }

    private Setting<string>? InFile(TableReader? table, string key)
    {
        if (table?.String(key) is not { } written)
            return null;
        if (written.Length > 0)
            return new(written, $"{file}:{document.Source.Locate($"{table.Path}.{key}").Line}");
        table.Report(key, $"{key} is empty", $"write something, or leave {key} out");
        return null;
    }

    private Setting<string>? Variable(string name) => environment.Set(name) is { } value ? new(value, name) : null;

    private Setting<string>? FromFile(Setting<string>? path) =>
        path is null ? null : path with { Value = environment.Resolve(path.Value, _folder) };

    private Setting<string>? Full(Setting<string>? path) =>
        path is null ? null : path with { Value = environment.Resolve(path.Value, environment.CurrentDirectory) };

    /// <summary>A bare name is looked for on PATH; anything else is a path.</summary>
    private Setting<string>? Engine(Setting<string>? engine, string folder) =>
        engine is null || !engine.Value.AsSpan().ContainsAny('/', '\\', '~')
            ? engine : engine with { Value = environment.Resolve(engine.Value, folder) };

    private static Setting<string>? Checked(Setting<string>? address) =>
        address is not null && AddressProblem(address.Value) is { } wrong
            ? throw new McpException(ErrorKind.Usage, "invalid-registry",
                $"{address.Source} = '{address.Value}' is not an image registry's address: {wrong}",
                "write host[:port] or host[:port]/path, without https://")
            : address;

    /// <summary>null when images can be named after it.</summary>
    private static string? AddressProblem(string address)
    {
        if (ImageReference.TryParse(address.TrimEnd('/') + "/image", out var fault) is not { } image)
            return fault;
        return image.Registry is null ? $"'{address}' names no host; one has a '.' or a ':port', or is localhost" : null;
    }

    private static Setting<ImageRegistryKind>? CheckedKind(Setting<string>? kind) =>
        kind is not null && Kind(kind.Value) is null
            ? throw new McpException(ErrorKind.Usage, "invalid-registry-kind",
                $"{kind.Source} = '{kind.Value}' is not a kind of image registry", KindRemedy)
            : Parsed(kind);

    private static Setting<ImageRegistryKind>? Parsed(Setting<string>? kind) =>
        kind is not null && Kind(kind.Value) is { } value ? new(value, kind.Source) : null;

    private static ImageRegistryKind? Kind(string written) => written switch
    {
        "oci" => ImageRegistryKind.Oci,
        "none" => ImageRegistryKind.None,
        _ => null,
    };

    private ValueList<ImageRegistryHostConfig> Hosts(TableReader registry) =>
        registry.TablesByKey("hosts").Select(h => Host(h.Key, h.Table)).OfType<ImageRegistryHostConfig>().ToValueList();

    private ImageRegistryHostConfig? Host(string host, TableReader table)
    {
        var insecure = table.Boolean("insecure") ?? false;
        var ca = table.String("ca_cert");
        if (ca is { Length: 0 })
            table.Report("ca_cert", "ca_cert is empty", "write a file, relative to this one or absolute");
        if (insecure && ca is { Length: > 0 })
            table.Report("ca_cert", "insecure leaves ca_cert without effect: no certificate is checked", "remove one of them");
        if (host.Contains('/') || ImageReference.TryParse(host + "/image") is not { Registry: not null })
        {
            table.Report("", $"'{host}' is not the host[:port] of an image registry",
                "write it as image references begin: [registry.hosts.\"registry.lan:5000\"]");
            return null;
        }
        return new(host, insecure, ca is { Length: > 0 } ? environment.Resolve(ca, _folder) : null, $"{file}:{table.Position.Line}");
    }
}
