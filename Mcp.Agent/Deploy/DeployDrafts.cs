using Mcp.Agent.Registry;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>Looks, reserves and plans: what a deploy would do. Touches nothing but the port reservation, which ends with the draft.</summary>
internal sealed class DeployDrafts(ServiceObserver observer, ServiceStore services, ServicePorts ports, ReleaseStore releases, TimeProvider time)
{
    /// <param name="operation">Goes into names and labels; what is only planned has none of its own.</param>
    /// <param name="rollbackOf">The release that is deployed again; null: none.</param>
    /// <param name="holdPorts">False for a plan that is only shown.</param>
    public async Task<OperationDraft> DraftAsync(
        Operation operation, ServiceDefinition definition, DeployTerms terms, int? rollbackOf, bool holdPorts, CancellationToken cancellationToken)
    {
        RefuseInvalid(definition);
        var component = operation.Component;
        if (component is not null && definition.Components.All(c => c.Name != component))
            throw NoComponent(definition, component);
        var stored = services.Find(definition.Name);
        // The other components stay as they are stored.
        if (component is not null)
            stored?.Readable();
        if (!terms.RunTasks)
            definition = StoredServices.WithTasksOf(definition, stored);
        var wanted = definition.Components.Where(c => component is null || c.Name == component).ToList();
        services.RefuseRoutesOfOthers(definition.Name, wanted);
        var observed = await observer.ObserveAsync(definition.Name, stored, wanted, terms.Images.Digests, cancellationToken);
        var reserved = ports.Assign(definition.Name, wanted, stored, observed, holdPorts);
        try
        {
            var number = releases.NextNumber(definition.Name);
            var plan = Plan(definition, component, observed, reserved.Assigned, operation.Id, terms, number) with { Kind = operation.Kind };
            MountSources.Require(plan);
            var next = StoredServices.AfterDeploy(stored, definition, component, operation.Actor, time.GetUtcNow());
            var release = new ReleaseDraft(
                definition.Name, number, operation.Id, operation.Kind, rollbackOf, component, operation.Actor, next.Definition, operation.StartedAt);
            return new(plan, executed => new ServiceDeployed(
                StoredServices.WithImages(
                    StoredServices.WithPorts(next, wanted, plan.Ports, executed.Replaced), wanted, DeployedImages.Of(observed, terms.Images.Digests, executed.Pulled)),
                release))
            {
                Release = plan.IsEmpty ? null : release,
                RollbackOf = rollbackOf,
                Reservation = reserved,
            };
        }
        catch
        {
            reserved.Dispose();
            throw;
        }
    }

    private static Plan Plan(
        ServiceDefinition definition, string? component, ObservedService observed, IReadOnlyList<AssignedPort> ports, string operationId, DeployTerms terms, int release)
    {
        try
        {
            return DeployPlanner.Plan(definition, component, observed, ports, operationId, terms, release);
        }
        catch (MissingImageException e)
        {
            throw new EngineException(EngineError.ImageNotFound, e.Message, "deploy with --pull missing, or send the images first (`mcp image send`)", e);
        }
    }

    private static AgentException NoComponent(ServiceDefinition definition, string component) =>
        new(AgentError.NotFound, $"the definition of {definition.Name} has no component {component}", $"it has: {string.Join(", ", definition.Components.Select(c => c.Name))}");

    private static void RefuseInvalid(ServiceDefinition definition)
    {
        var problems = DefinitionValidator.Validate(definition);
        if (problems.Count > 0)
            throw new AgentException(
                AgentError.InvalidDefinition, $"the definition is not valid:\n  {string.Join("\n  ", problems)}", "mend the definition and deploy again");
    }
}
