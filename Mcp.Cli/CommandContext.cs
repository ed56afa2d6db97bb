using System.CommandLine;
using Mcp.Cli.Output;
using Mcp.Core;
using Mcp.Core.Client;
using Mcp.Core.Client.Images;
using Mcp.Core.Client.Workstation;

namespace Mcp.Cli;

/// <summary>What a command uses while it runs. Config and connections are created on first use.</summary>
internal sealed class CommandContext(CliHost host, GlobalOptions options, ParseResult arguments) : IDisposable
{
    private WorkstationConfig? _config;
    private Fleet? _fleet;
    private ImagePreparation? _images;

    public CliHost Host => host;

    public ParseResult Arguments => arguments;

    public bool Json { get; } = arguments.GetValue(options.Json);

    public bool Quiet { get; } = arguments.GetValue(options.Quiet);

    /// <summary>What --config says.</summary>
    public string? ConfigPath { get; } = arguments.GetValue(options.Config);

    /// <summary>What --node says; empty: nothing.</summary>
    public string[] NodeNames { get; } = arguments.GetValue(options.Node) ?? [];

    public WorkstationConfig Config => _config ??= LoadConfig();

    public ServiceDirectory Services => Config.OpenServices(host.Environment);

    /// <summary>The nodes that --node names, or all; maybe none.</summary>
    public Fleet Fleet => _fleet ??= new Fleet(
        NodeNames.Length == 0 ? Config.Nodes : Config.SelectNodes(NodeNames), new AgentClientOptions());

    /// <summary>The same, for a question that makes no sense without nodes and goes to nothing else.</summary>
    public Fleet FleetToAsk
    {
        get
        {
            if (Fleet.Nodes.Count == 0)
                throw Config.NoNodes();
            ConnectsToNodesOnly();
            return Fleet;
        }
    }

    /// <summary>The one node that --node names; null when it doesn't.</summary>
    public string? SingleNode => NodeNames.Length <= 1 ? NodeNames.FirstOrDefault()
        : throw new McpException(ErrorKind.Usage, "too-many-nodes", "this goes to one node, and --node named several", "name one");

    public DateTimeOffset Now => host.Time.GetUtcNow();

    /// <summary>Characters that a line may have; null when nothing limits it.</summary>
    public int? Width => host.IsTerminal ? host.Console.Profile.Width : null;

    /// <summary>Text besides the result; --quiet leaves it out.</summary>
    public void Hint(string text)
    {
        if (!Quiet)
            host.Error.Write(new Spectre.Console.Text(text + "\n"));
    }

    public void Report(McpException error) => ErrorView.Write(host.Error, error);

    /// <summary>To be said before the first connection: this command asks no image registry.</summary>
    public void ConnectsToNodesOnly()
    {
        if (host.OwnsProcess && !Fleet.Nodes.Any(node => node.TrustsMachine))
            MachineTrust.LeaveUnread();
    }

    /// <summary>The agent that has a service, for a command that connects to nothing else.</summary>
    public async Task<AgentClient> AgentOfAsync(string service, CancellationToken cancellationToken)
    {
        ConnectsToNodesOnly();
        var node = await new ServiceLocator(Config, Services, Fleet).FindAsync(service, SingleNode, cancellationToken);
        return Fleet.Client(node);
    }

    /// <summary>What builds, pushes and sends images for this command.</summary>
    public ImagePreparation Images => _images ??= new ImagePreparation(Config, Fleet);

    public void Dispose()
    {
        _images?.Dispose();
        _fleet?.Dispose();
    }

    private WorkstationConfig LoadConfig()
    {
        var config = WorkstationConfig.Load(host.Environment, ConfigPath, overrides: options.Workstation.Read(arguments));
        if (!Quiet)
        {
            foreach (var warning in config.Warnings)
                ErrorView.WriteWarning(host.Error, warning.ToString());
        }
        return config;
    }
}
