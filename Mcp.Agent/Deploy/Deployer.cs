using Mcp.Agent.Auth;
using Mcp.Agent.Events;
using Mcp.Agent.Ports;
using Mcp.Agent.Registry;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Core.Status;

namespace Mcp.Agent.Deploy;

/// <summary>What an agent does to services: checks and plans while nothing is touched, then has the plan carried out.</summary>
internal sealed class Deployer(
    OperationHost operations, ServiceObserver observer, ServiceStore services, ServicePorts ports, PlanExecutor executor,
    StatusReader status, EventLog events, IContainerRuntime runtime, TimeProvider time)
{
    public Task<Operation> DeployAsync(ServiceDefinition definition, string? component, ImagePins pins, Caller caller, CancellationToken cancellationToken)
    {
        RefuseInvalid(definition);
        if (component is not null && definition.Components.All(c => c.Name != component))
            throw NoComponent(definition, component);
        return operations.BeginAsync(OperationKind.Deploy, definition.Name, caller.Name, async (operation, token) =>
        {
            var stored = services.Find(definition.Name);
            var wanted = definition.Components.Where(c => component is null || c.Name == component).ToList();
            var observed = await observer.ObserveAsync(definition.Name, stored, wanted, pins.Digests, token);
            var reservation = ports.Reserve(definition.Name, wanted, stored, observed);
            try
            {
                var assigned = ServicePorts.Assigned(reservation, wanted);
                var plan = Plan(definition, component, observed, assigned, operation.Id, pins);
                var next = StoredServices.AfterDeploy(stored, definition, component, assigned, operation.Actor, time.GetUtcNow());
                return await RunAsync(operation, plan, reservation, pulled =>
                {
                    services.Save(StoredServices.WithImages(next, wanted, DeployedImages.Of(observed, pins.Digests, pulled)));
                    reservation.Commit();
                }, token);
            }
            catch
            {
                reservation.Dispose();
                throw;
            }
        }, cancellationToken);
    }

    public Task<Operation> StartAsync(string service, string? component, bool restart, Caller caller, CancellationToken cancellationToken) =>
        operations.BeginAsync(restart ? OperationKind.Restart : OperationKind.Start, service, caller.Name, async (operation, token) =>
        {
            var stored = FindStored(service, component);
            var wanted = stored.Definition.Components.Where(c => component is null || c.Name == component).ToList();
            // What was deployed is made again where the engine still has it, whatever its tag means by now.
            var deployed = new ValueMap(wanted.Select(c => stored.Component(c.Name)?.Image).OfType<DeployedImage>().DistinctBy(i => i.Reference).Select(i => KeyValuePair.Create(i.Reference, i.Id)));
            var observed = await observer.ObserveAsync(service, stored, wanted, deployed, token);
            var plan = LifecyclePlanner.Start(stored.Definition, component, observed, StoredServices.Ports(stored), operation.Id, restart);
            return await RunAsync(operation, plan, null, _ => services.SetDesired(service, component, DesiredState.Running), token);
        }, cancellationToken);

    public Task<Operation> StopAsync(string service, string? component, Caller caller, CancellationToken cancellationToken) =>
        operations.BeginAsync(OperationKind.Stop, service, caller.Name, async (operation, token) =>
        {
            var stored = FindStored(service, component);
            var plan = LifecyclePlanner.Stop(stored.Definition, component, await observer.ObserveAsync(service, stored, [], ValueMap.Empty, token));
            return await RunAsync(operation, plan, null, _ => services.SetDesired(service, component, DesiredState.Stopped), token);
        }, cancellationToken);

    public Task<Operation> UndeployAsync(string service, string? component, Caller caller, CancellationToken cancellationToken) =>
        operations.BeginAsync(OperationKind.Undeploy, service, caller.Name, async (operation, token) =>
        {
            var stored = services.Find(service);
            var observed = await observer.ObserveAsync(service, stored, [], ValueMap.Empty, token);
            // Containers with the service's label that the registry database has forgotten count as well: undeploy is how one gets rid of them.
            if (component is null ? stored is null && observed.Containers.Count == 0 : stored?.Component(component) is null && !observed.ContainersOf(component).Any())
                throw NotDeployed(service, component, stored);
            return await RunAsync(operation, LifecyclePlanner.Undeploy(service, component, observed), null, _ => Forget(service, component), token);
        }, cancellationToken);

    private async Task<Func<CancellationToken, Task<OperationEnded>>> RunAsync(
        Operation operation, Plan plan, IDisposable? reservation, Action<IReadOnlyCollection<DeployedImage>> record, CancellationToken cancellationToken)
    {
        var engine = await runtime.GetInfoAsync(cancellationToken);
        operation.Publish(new OperationPlanned(
            operation.Id, time.GetUtcNow(), plan.Kind, plan.Service, plan.Steps.Select(s => s.Summarize(engine.Name)).ToValueList(), plan.Warnings));
        return async token =>
        {
            using (reservation)
            {
                return await EndAsync(operation, plan, await executor.ExecuteAsync(operation, plan, record, token));
            }
        };
    }

    private async Task<OperationEnded> EndAsync(Operation operation, Plan plan, ExecutionResult result)
    {
        var (message, remedy, id) = result.Error is null ? (string.Join("; ", result.Notes), "", "") : Failure.Describe(result);
        if (!plan.IsEmpty)
            LogEvent(operation, result.Outcome, message);
        var now = time.GetUtcNow();
        return new(operation.Id, now, result.Outcome, message, remedy, id, await status.ComponentsAfterAsync(plan.Service), now - operation.StartedAt);
    }

    private void LogEvent(Operation operation, OperationOutcome outcome, string message)
    {
        var done = operation.Kind switch
        {
            OperationKind.Deploy => EventKinds.Deployed,
            OperationKind.Undeploy => EventKinds.Undeployed,
            OperationKind.Start => EventKinds.Started,
            OperationKind.Stop => EventKinds.Stopped,
            _ => EventKinds.Restarted,
        };
        var kind = outcome == OperationOutcome.Succeeded ? done : operation.Kind.ToString().ToLowerInvariant() + "-failed";
        try
        {
            events.Append(new AgentEvent(kind, message, operation.Service, Actor: operation.Actor));
        }
        catch (AgentException)
        {
            // The registry database said no (full disk, ...). The outcome itself is reported; failing it for its log entry would be a lie.
        }
    }

    private void Forget(string service, string? component)
    {
        if (component is null)
            services.Delete(service);
        else if (services.Find(service) is { } stored)
            StoredServices.Without(services, stored, component);
    }

    private StoredService FindStored(string service, string? component)
    {
        var stored = services.Find(service);
        return stored is not null && (component is null || stored.Component(component) is not null)
            ? stored
            : throw NotDeployed(service, component, stored);
    }

    private AgentException NotDeployed(string service, string? component, StoredService? stored)
    {
        var (what, there) = stored is null
            ? ($"service {service} is not deployed on this node", services.KnownServices)
            : ($"service {service} has no component {component}", (IReadOnlyList<string>)stored.Components.Select(c => c.Definition.Name).ToList());
        return new(AgentError.NotFound, what, there.Count == 0 ? "nothing is deployed here yet: `mcp deploy SERVICE`" : $"there is: {string.Join(", ", there)}");
    }

    private static Plan Plan(
        ServiceDefinition definition, string? component, ObservedService observed, IReadOnlyList<AssignedPort> ports, string operationId, ImagePins pins)
    {
        try
        {
            return DeployPlanner.Plan(definition, component, observed, ports, operationId, pins);
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
