using Mcp.Core.Collections;
using Mcp.Core.Definitions;

namespace Mcp.Core.Client.Workstation;

/// <summary>The operator's side: which nodes there are, where service definitions and sources lie, and where each of these was
/// said.</summary>
public sealed record WorkstationConfig
{
    /// <summary>Full path of the config file, whether or not it exists.</summary>
    public required Setting<string> File { get; init; }

    public bool Exists { get; init; }

    public ValueList<NodeConfig> Nodes { get; init; } = [];

    /// <summary>Full path of the folder with one TOML file per service.</summary>
    public required Setting<string> ServicesDirectory { get; init; }

    /// <summary>Full path of the folder that holds the sources of images; null when none is set.</summary>
    public Setting<string>? Workspace { get; init; }

    /// <summary>The program that builds and pushes: podman, docker, or the full path of one of them; null: whichever is there.</summary>
    public Setting<string>? Engine { get; init; }

    public ImageRegistryConfig Registry { get; init; } = new();

    /// <summary>What is filled into images that a definition leaves short. Without an image registry they are named as engines name what
    /// is theirs alone.</summary>
    public ImageDefaults ImageDefaults => new(Registry.Kind.Value == ImageRegistryKind.None ? "localhost" : Registry.Address?.Value);

    /// <summary>What is not wrong but should not stay so, such as a token that others can read.</summary>
    public ValueList<Problem> Warnings { get; init; } = [];

    /// <summary>Reads the config; a file that does not exist is a config without nodes.</summary>
    /// <param name="named">The file that the caller named; null: MCP_CONFIG, then the default place.</param>
    /// <param name="namedBy">How the caller's users know that parameter.</param>
    /// <param name="overrides">What the caller's other parameters say.</param>
    /// <exception cref="McpException">The file is wrong (every problem, located) or can't be read, or a variable or parameter makes no
    /// sense.</exception>
    public static WorkstationConfig Load(WorkstationEnvironment environment, string? named = null, string namedBy = "--config",
        WorkstationOverrides? overrides = null) =>
        WorkstationConfigReader.Load(environment, ConfigLocation.Find(environment, named, namedBy), overrides ?? WorkstationOverrides.None);

    /// <summary>The folder of definitions, whose images are filled in as this config says.</summary>
    public ServiceDirectory OpenServices(WorkstationEnvironment environment) => new(ServicesDirectory.Value, environment, ImageDefaults);

    /// <summary>Every setting with its source, for people; tokens hidden.</summary>
    public ValueList<SettingLine> Describe() => SettingLine.Of(this);

    /// <summary>The node of that name, or the only one there is when none is named.</summary>
    /// <exception cref="McpException">There is no such node, none at all, or a choice is left open.</exception>
    public NodeConfig SelectNode(string? name)
    {
        if (Nodes.Count == 0)
            throw NoNodes();
        if (name is null)
        {
            return Nodes.Count == 1 ? Nodes[0] : throw new McpException(ErrorKind.Usage, "node-not-chosen",
                $"there are {Nodes.Count} nodes and none was chosen", $"name one of {string.Join(", ", Nodes.Select(n => n.Name))}");
        }
        return Nodes.FirstOrDefault(n => string.Equals(n.Name, name, StringComparison.OrdinalIgnoreCase)) ?? throw UnknownNode(name);
    }

    /// <summary>The nodes of these names, or all of them when none is named.</summary>
    public ValueList<NodeConfig> SelectNodes(IReadOnlyCollection<string> names)
    {
        if (Nodes.Count == 0)
            throw NoNodes();
        return names.Count == 0 ? Nodes : names.Select(SelectNode).Distinct().ToValueList();
    }

    internal McpException UnknownNode(string name) => new(ErrorKind.NotFound, "unknown-node",
        $"there is no node '{name}' in {File.Value}",
        Nodes.Count == 0 ? "add it with `mcp node add`" : NearestName.Remedy(name, [.. Nodes.Select(n => n.Name)], "nodes"));

    /// <summary>What to say where a node is needed and there is none.</summary>
    public McpException NoNodes() => Exists
        ? new(ErrorKind.Usage, "no-nodes", $"{File.Value} names no node", "add one with `mcp node add NAME ADDRESS`")
        : new(ErrorKind.Usage, "no-config", File.Source == "default"
            ? $"no node is known: there is no config file {File.Value}"
            : $"there is no config file {File.Value} (named by {File.Source})",
            File.Source == "default" ? "add a node with `mcp node add NAME ADDRESS`, or name another file with --config or MCP_CONFIG"
                : "correct the path, or add a node with `mcp node add NAME ADDRESS`");
}
