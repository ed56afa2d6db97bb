using Mcp.Core.Client.Images;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Collections;

namespace Mcp.Core.Client.Sync;

/// <summary>Brings nodes to what the definition files say.
/// <code>
/// using var preparation = new ImagePreparation(config, fleet); var sync = new SyncPipeline(config, services, fleet, preparation); var
/// prepared = sync.Prepare(new([]));                 // reads every file; all mistakes at once; no network
/// await foreach (var update in sync.RunAsync(prepared, cancellationToken))
///     if (update is SyncEnded { Result: var result }) WriteObject(result);   // and SyncOrphan, SyncNodeFailed, SyncProgressed
/// </code></summary>
public sealed class SyncPipeline(WorkstationConfig config, ServiceDirectory services, Fleet fleet, ImagePreparation images)
{
    private readonly DeployPipeline _deploys = new(config, services, fleet, images);

    /// <exception cref="McpException">There is nothing to sync, or definitions are wrong or lead to no node: all of them in one
    /// error.</exception>
    public PreparedSync Prepare(SyncOrder order)
    {
        var node = order.Node is null ? null : config.SelectNode(order.Node);
        var names = order.Services.Count > 0 ? order.Services : services.Names().ToValueList();
        if (names.Count == 0)
            throw new McpException(
                ErrorKind.Usage, "no-definitions", $"there are no definitions in {services.Folder}",
                "write one, or set MCP_SERVICES_DIR or [services] dir");

        var read = new List<PreparedDeploy>();
        var errors = new List<McpException>();
        foreach (var name in names.Distinct())
        {
            try
            {
                read.Add(_deploys.Prepare(new(name) { Options = order.Options }));
            }
            catch (McpException e)
            {
                errors.Add(e);
            }
        }
        if (errors.Count > 0)
            throw Together(errors);
        var deploys = read.Where(d => node is null || d.Node == node).ToValueList();
        var places = order.Services.Count > 0 ? null : new ValueMap(read.Select(d => KeyValuePair.Create(d.Definition.Name, d.Node.Name)));
        var nodes = places is null ? deploys.Select(d => d.Node).Distinct().ToValueList() : node is null ? config.Nodes : [node];
        return new(deploys, nodes, places);
    }

    /// <summary>Asks all nodes, looks for all images, and only then changes anything: nodes beside each other, the services of one node in
    /// turn.</summary>
    /// <exception cref="McpException">Images are missing and can't be made: one error that names all of them; no node was touched. What
    /// goes wrong with a single service or node later is in its result.</exception>
    public IAsyncEnumerable<SyncUpdate> RunAsync(PreparedSync sync, CancellationToken cancellationToken) =>
        ProgressStream.RunAsync<SyncUpdate>(
            (report, token) => new SyncRun(sync, fleet, images, _deploys, report).RunAsync(token), cancellationToken);

    private static McpException Together(List<McpException> errors)
    {
        if (errors.Count == 1)
            return errors[0];
        var problems = errors.SelectMany(e => e.Problems.Count > 0 ? e.Problems : [new Problem(null, 0, 0, e.Message, e.Remedy)]);
        return new("invalid-definition", $"{errors.Count} definitions are not usable; nothing was done", problems);
    }
}
