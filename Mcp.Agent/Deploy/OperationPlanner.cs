using Mcp.Agent.Registry;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>From a request to a plan: looks at what is stored and at the engine, chooses host ports, and has Core's planners decide.
/// Touches nothing. Planning start, stop, restart or undeploy again after a crash gives what is left to do.</summary>
internal sealed partial class OperationPlanner(
    ServiceObserver observer, ServiceStore services, ServicePorts ports, ReleaseStore releases, TimeProvider time)
{
    // An error travels in the trailers of a call, which have room for some kilobytes.
    private const int ProblemsTold = 20;

    /// <param name="operation">Its id goes into names and labels.</param>
    /// <param name="holdPorts">False for a plan that is only shown. Held ports are released with the result.</param>
    public Task<PlannedOperation> PlanAsync(
        Operation operation, OperationRequest request, bool holdPorts, CancellationToken cancellationToken)
    {
        switch (request.Kind)
        {
            case OperationKind.Deploy:
                return DeployAsync(operation, request.Definition!, request.Options, null, holdPorts, cancellationToken);
            case OperationKind.Rollback:
                var target = RollbackTarget.Choose(request.Service, request.ToRelease, releases.List(request.Service));
                return DeployAsync(
                    operation, target.Release.Definition, RollbackTarget.Options(target) with { Force = request.Options.Force },
                        target.Release.Number, holdPorts, cancellationToken);
            case OperationKind.Start:
                return StartAsync(operation, restart: false, cancellationToken);
            case OperationKind.Restart:
                return StartAsync(operation, restart: true, cancellationToken);
            case OperationKind.Stop:
                return StopAsync(operation, cancellationToken);
            case OperationKind.Undeploy:
                return UndeployAsync(operation, cancellationToken);
            default:
                throw new InvalidOperationException($"no plan for {request.Kind}");
        }
    }

    /// <param name="rollbackOf">The release that is deployed again; null: none.</param>
    private async Task<PlannedOperation> DeployAsync(
        Operation operation, ServiceDefinition definition, OperationOptions options, int? rollbackOf, bool holdPorts,
            CancellationToken cancellationToken)
    {
        RefuseInvalid(definition);
        var component = operation.Component;
        if (component is not null && definition.Components.All(c => c.Name != component))
            throw NoComponent(definition, component);
        var stored = services.Find(definition.Name);
        // The other components stay as they are stored.
        if (component is not null)
            stored?.Readable();
        if (!options.RunTasks)
            definition = StoredServices.WithTasksOf(definition, stored);
        var wanted = definition.Components.Where(c => component is null || c.Name == component).ToList();
        services.RefuseRoutesOfOthers(definition.Name, wanted);
        var observed = await observer.ObserveAsync(
            definition.Name, stored, wanted, options.Images.Digests, options.TakeOver, cancellationToken);
        var reserved = ports.Assign(definition.Name, wanted, stored, observed, holdPorts);
        try
        {
            var number = releases.NextNumber(definition.Name);
            cancellationToken.ThrowIfCancellationRequested();
            var plan = Plan(definition, component, observed, reserved.Assigned, operation.Id, options, number);
            plan = plan with { Kind = operation.Kind, Warnings = [.. plan.Warnings, .. observed.LeftAlone] };
            MountSources.Require(plan);
            var next = StoredServices.AfterDeploy(stored, definition, component, operation.Actor, time.GetUtcNow());
            var release = new NewRelease(
                definition.Name, number, operation.Id, operation.Kind, rollbackOf, component, operation.Actor, next.Definition,
                    operation.StartedAt);
            return new(plan, executed => new ServiceDeployed(
                StoredServices.WithImages(
                    StoredServices.WithPorts(next, wanted, plan.Ports, executed.Replaced), wanted,
                        DeployedImages.Of(observed, options.Images.Digests, executed.Pulled)),
                release))
            {
                Release = plan.IsEmpty ? null : release,
                RollbackOf = rollbackOf,
                Observed = observed.Containers,
                Ports = reserved,
            };
        }
        catch
        {
            reserved.Dispose();
            throw;
        }
    }

    private static Plan Plan(
        ServiceDefinition definition, string? component, ObservedService observed, IReadOnlyList<AssignedPort> ports, string operationId,
            OperationOptions options, int release)
    {
        try
        {
            return DeployPlanner.Plan(definition, component, observed, ports, operationId, options, release);
        }
        catch (MissingImageException e)
        {
            throw new EngineException(EngineError.ImageNotFound, e.Message,
                "deploy with --pull missing, or send the images first (`mcp image send`)", e);
        }
    }

    private static AgentException NoComponent(ServiceDefinition definition, string component) =>
        new(AgentError.NotFound, $"the definition of {definition.Name} has no component {component}",
            $"it has: {string.Join(", ", definition.Components.Select(c => c.Name))}");

    private static void RefuseInvalid(ServiceDefinition definition)
    {
        var problems = DefinitionValidator.Validate(definition);
        if (problems.Count == 0)
            return;
        IEnumerable<string> told = problems.Take(ProblemsTold).Select(p => p.ToString());
        if (problems.Count > ProblemsTold)
            told = told.Append("and more");
        throw new AgentException(
            AgentError.InvalidDefinition, $"the definition is not valid:\n  {string.Join("\n  ", told)}",
            "fix the definition and deploy again");
    }
}
