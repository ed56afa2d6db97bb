using System.Management.Automation;
using System.Runtime.CompilerServices;
using Mcp.Core;
using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Collections;
using Mcp.Core.Status;
using Mcp.PowerShell.Completion;

namespace Mcp.PowerShell.Pipeline;

/// <summary>A cmdlet that asks agents: all of them, or those that -Node names.</summary>
public abstract partial class NodeCmdlet : McpCmdlet
{
    private readonly Dictionary<string, Fleet> _fleets = new(StringComparer.Ordinal);

    private int _failed;

    static NodeCmdlet() => MachineTrust.ReadAhead();

    private protected abstract string[]? NodeNames { get; }

    /// <summary>An engine that can't be asked is an error record, because states are not known then. Other cmdlets come upon it
    /// themselves.</summary>
    private protected virtual bool ShowsState => false;

    private protected List<string> Answered { get; } = [];

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;
        foreach (var fleet in _fleets.Values)
            fleet.Dispose();
        _fleets.Clear();
    }

    /// <summary>The nodes that are meant. A literal that the config lacks is an error record; the others are still asked.</summary>
    private protected ValueList<NodeConfig> SelectNodes()
    {
        var names = new NamePatterns(NodeNames);
        var selected = Workstation.SelectNodes([]).Where(node => names.Match(node.Name)).ToValueList();
        foreach (var missing in names.Missing)
            WriteError(UnknownNode(missing), missing);
        return selected;
    }

    private protected Fleet FleetOf(ValueList<NodeConfig> nodes)
    {
        var key = string.Join('\n', nodes.Select(n => n.Name));
        if (!_fleets.TryGetValue(key, out var fleet))
            _fleets.Add(key, fleet = new Fleet(nodes, new AgentClientOptions()));
        return fleet;
    }

    /// <summary>One question to each selected node. A node that can't answer is an error record; when none can, the command ends with the
    /// last.</summary>
    private protected IAsyncEnumerable<(NodeConfig Node, T Value)> AskAsync<T>(
        Func<AgentClient, CancellationToken, Task<T>> question, CancellationToken cancellationToken) =>
        ReadAsync((fleet, token) => fleet.AskAsync(question, token), cancellationToken);

    private protected IAsyncEnumerable<(NodeConfig Node, T Value)> StreamAsync<T>(
        Func<AgentClient, CancellationToken, IAsyncEnumerable<T>> stream, CancellationToken cancellationToken) =>
        ReadAsync((fleet, token) => fleet.StreamAsync(stream, token), cancellationToken);

    /// <summary>Every component that the nodes have and the patterns ask for.</summary>
    private protected async IAsyncEnumerable<(NodeConfig Node, ServiceStatus Service, ValueList<ComponentStatus> Components)> FindAsync(
        NamePatterns services, NamePatterns components, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (node, found) in AskAsync((client, token) => StatusAsync(client, services.Single, token), cancellationToken))
        {
            foreach (var warning in found.Warnings)
                WriteWarning($"{node.Name}: {warning}");
            if (ShowsState && found.EngineError.Length > 0)
                WriteError(EngineTrouble.Of(node.Name, found.EngineError), node.Name);
            foreach (var service in found.Services)
            {
                KnownNames.Remember(node.Name, service);
                if (!services.Match(service.Name))
                    continue;
                var wanted = service.Components.Where(c => components.Match(c.Component)).ToValueList();
                if (wanted.Count > 0 || components.IsAll)
                    yield return (node, service, wanted);
            }
        }
    }

    /// <summary>For messages: the nodes that answered.</summary>
    private protected string Where =>
        Answered.Count == 1 ? $"on node {Answered[0]}" : $"on the nodes {string.Join(", ", Answered.Order(StringComparer.Ordinal))}";

    /// <summary>Says which literals were not there, once all nodes have been asked.</summary>
    private protected void ReportMissing(NamePatterns services, NamePatterns? components = null)
    {
        // Without a single answer it is unknown what exists.
        if (Answered.Count == 0)
            return;
        var missing = services.Missing.ToList();
        foreach (var name in missing)
            NotFound(
                "unknown-service", $"there is no service '{name}' {Where}",
                NearestName.Remedy(name, [.. KnownNames.Services.Distinct(StringComparer.Ordinal)], "services there"), name);
        if (missing.Count > 0 || components is null)
            return;
        foreach (var name in components.Missing)
        {
            var of = services.Single is { } service ? $" of service {service}" : "";
            NotFound(
                "unknown-component", $"there is no component '{name}'{of} {Where}",
                NearestName.Remedy(name, [.. KnownNames.ComponentsOf(services.Match).Distinct(StringComparer.Ordinal)], "components there"),
                name);
        }
    }

    /// <summary>For what is told of services that are gone as well, and need not have been told of one that is there: only a name with
    /// neither is a mistake.</summary>
    private protected async Task ReportMissingAsync(NamePatterns services, CancellationToken cancellationToken)
    {
        if (!services.Missing.Any() || Answered.Count == 0)
            return;
        await foreach (var _ in FindAsync(services, new NamePatterns(null), cancellationToken))
        {
            // Asking is what marks the names as found.
        }
        ReportMissing(services);
    }

    private static async Task<NodeServices> StatusAsync(
        AgentClient client, string? service, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetStatusAsync(service, cancellationToken);
        }
        catch (McpException e) when (e.Kind == ErrorKind.NotFound)
        {
            // Another node may have it; that none has is said once, after all were asked.
            return NodeServices.None;
        }
    }

    private async IAsyncEnumerable<(NodeConfig Node, T Value)> ReadAsync<T>(
        Func<Fleet, CancellationToken, IAsyncEnumerable<NodeResult<T>>> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var nodes = SelectNodes();
        var fleet = FleetOf(nodes);
        Answered.Clear();
        _failed = 0;
        await foreach (var result in Background.Each(token => read(fleet, token), cancellationToken))
        {
            if (result.Error is { } error)
            {
                Failed(error, nodes.Count, result.Node.Name);
                continue;
            }
            if (!Answered.Contains(result.Node.Name))
                Answered.Add(result.Node.Name);
            yield return (result.Node, result.Value!);
        }
    }

    private void Failed(McpException error, int asked, string node)
    {
        // One dead node must not hide the others; but with no connection at all there is nothing to go on with, unless the next record
        // names another node.
        if (error.Kind is ErrorKind.Unreachable or ErrorKind.Unauthenticated && ++_failed == asked && !Piped)
            Terminate(error, node);
        WriteError(error, node);
    }

    private McpException UnknownNode(string name)
    {
        try
        {
            Workstation.SelectNode(name);
            throw new InvalidOperationException($"node '{name}' was found");
        }
        catch (McpException e)
        {
            return e;
        }
    }
}
