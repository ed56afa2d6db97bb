using Mcp.Agent.Registry;
using Mcp.Core.Definitions;
using Mcp.Core.Status;

namespace Mcp.Agent.Tests.Registry;

public sealed class ServiceStoreTests : IDisposable
{
    private readonly RegistryFixture _registry = new();

    private ServiceStore Store => _registry.Store;

    public void Dispose() => _registry.Dispose();

    [Fact]
    public void Save_FullDefinition_ReadsBackEqual()
    {
        var service = StoredServices.Full();

        Store.Save(service);

        Assert.Equal(service, Store.Find("shop"));
        Assert.Equal([service], Store.List());
    }

    [Fact]
    public void SetDesired_OfAServiceWithATask_LeavesTheTaskCompleted()
    {
        var small = StoredServices.Small("shop");
        var task = new ComponentDefinition { Name = "migrate", Image = "api:v1", Kind = ComponentKind.Task };
        var service = small with
        {
            Definition = small.Definition with { Components = [.. small.Definition.Components, task] },
            Components = [.. small.Components, new() { Definition = task, Desired = DesiredState.Completed }],
        };
        Store.Save(service);
        Assert.Equal(service, Store.Find("shop"));

        Store.SetDesired("shop", null, DesiredState.Stopped);

        Assert.Equal([DesiredState.Stopped, DesiredState.Completed], Store.Find("shop")!.Components.Select(c => c.Desired));
    }

    [Fact]
    public void Save_Again_ReplacesWhatWasThere()
    {
        Store.Save(StoredServices.Full());
        var next = StoredServices.Small("shop", hostPort: 12345) with { DeployedBy = "robin" };

        Store.Save(next);

        Assert.Equal(next, Store.Find("shop"));
        Assert.Equal((1, 1, 1), (Count("services"), Count("components"), Count("component_routes")));
    }

    [Fact]
    public void Save_ServiceWithoutComponents_ReadsBackEqual()
    {
        var service = StoredServices.Small("empty") with { Definition = new() { Name = "empty" }, Components = [] };

        Store.Save(service);

        Assert.Equal(service, Store.Find("empty"));
    }

    [Fact]
    public void Save_HostPortOfAnotherService_IsRefusedAndChangesNothing()
    {
        Store.Save(StoredServices.Small("one", hostPort: 20000));
        var before = StoredServices.Small("two", hostPort: 20001);
        Store.Save(before);

        var refusal = Assert.Throws<AgentException>(() => Store.Save(StoredServices.Small("two", hostPort: 20000)));

        Assert.Equal(AgentError.PortTaken, refusal.Error);
        Assert.Contains("host port 20000 belongs to component one/one", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, Store.Find("two"));
    }

    /// <summary>Two deploys at once may both have passed the look before: the second to be recorded is refused, and rolled back.</summary>
    [Fact]
    public void Save_HostnameAndPortOfAnotherService_IsRefused()
    {
        static StoredService At(string name)
        {
            var service = StoredServices.Small(name);
            var component = service.Components[0].Definition with { Routes = [new() { Port = 443, Hostname = "www.example.com" }] };
            return service with
            {
                Definition = service.Definition with { Components = [component] },
                Components = [service.Components[0] with { Definition = component }],
            };
        }
        Store.Save(At("one"));

        var refusal = Assert.Throws<AgentException>(() => Store.Save(At("two")));

        Assert.Equal("two/two can't have port 443 of www.example.com: component one/one (its route) has it", refusal.Message);
        Assert.Null(Store.Find("two"));
        Store.Save(At("one"));
    }

    [Fact]
    public void Save_SamePortTwiceInOneService_IsRefusedByTheDatabase()
    {
        var service = StoredServices.Full();
        var web = service.Components[0] with { HostPorts = [new("tls", 1111), new("admin", 1111)] };

        Assert.Throws<AgentException>(() => Store.Save(service with { Components = [web, service.Components[1]] }));

        Assert.Null(Store.Find("shop"));
    }

    [Fact]
    public void Save_PortsSwappedBetweenComponentsOfOneService_Succeeds()
    {
        Store.Save(StoredServices.Small("one", hostPort: 20000));
        var moved = StoredServices.Small("one", hostPort: 20000) with
        {
            Definition = new() { Name = "one", Components = [new() { Name = "other", Image = "x:v1", Routes = [new() { Port = 443 }] }] },
        };
        moved = moved with { Components = [moved.Components[0] with { Definition = moved.Definition.Components[0] }] };

        Store.Save(moved);

        Assert.Equal(moved, Store.Find("one"));
    }

    [Fact]
    public void Save_ComponentsThatAreNotTheDefinitions_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Store.Save(StoredServices.Full() with { Components = [] }));

    [Fact]
    public void Save_PortForUnknownRoute_IsRefused()
    {
        var service = StoredServices.Small("one");
        Assert.Throws<ArgumentException>(
            () => Store.Save(service with { Components = [service.Components[0] with { HostPorts = [new("no", 1)] }] }));
    }

    [Fact]
    public void Find_UnknownService_IsNull() => Assert.Null(Store.Find("nothing"));

    [Fact]
    public void KnownServices_AreSortedByName()
    {
        Store.Save(StoredServices.Small("b"));
        Store.Save(StoredServices.Small("a"));

        Assert.Equal(["a", "b"], Store.KnownServices);
    }

    [Fact]
    public void SetDesired_OneComponent_LeavesTheOthers()
    {
        Store.Save(StoredServices.Full());

        Store.SetDesired("shop", "api", DesiredState.Stopped);

        Assert.Equal([DesiredState.Running, DesiredState.Stopped], Store.Find("shop")!.Components.Select(c => c.Desired));
    }

    [Fact]
    public void SetDesired_NoComponentNamed_ChangesAll()
    {
        Store.Save(StoredServices.Full());

        Store.SetDesired("shop", null, DesiredState.Stopped);

        Assert.All(Store.Find("shop")!.Components, c => Assert.Equal(DesiredState.Stopped, c.Desired));
    }

    [Theory]
    [InlineData("nothing", null, "there is no service nothing")]
    [InlineData("shop", "nope", "there is no component shop/nope")]
    public void SetDesired_OfWhatIsNotThere_IsNotFound(string service, string? component, string said)
    {
        Store.Save(StoredServices.Full());

        var refusal = Assert.Throws<AgentException>(() => Store.SetDesired(service, component, DesiredState.Stopped));

        Assert.Equal("not-found", refusal.Id);
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SetObserved_StoredComponent_IsReadBack()
    {
        Store.Save(StoredServices.Full());
        var at = StoredServices.DeployedAt.AddMinutes(1);

        Assert.True(Store.SetObserved("shop", "api", ObservedState.Dead, "abc", at));

        var api = Store.Find("shop")!.Component("api")!;
        Assert.Equal((ObservedState.Dead, "abc", at), (api.Observed, api.ContainerId, api.ObservedAt!.Value));
    }

    [Fact]
    public void SetObserved_ForgottenComponent_SaysSo() =>
        Assert.False(Store.SetObserved("gone", "gone", ObservedState.Running, null, StoredServices.DeployedAt));

    [Fact]
    public void SetAllUnknown_ManyServices_ReachesEveryComponent()
    {
        Store.Save(StoredServices.Full());
        Store.Save(StoredServices.Small("one"));

        Store.SetAllUnknown(StoredServices.DeployedAt);

        Assert.All(Store.List().SelectMany(s => s.Components), c => Assert.Equal(ObservedState.Unknown, c.Observed));
    }

    [Fact]
    public void Remove_Service_RemovesAllItsRows()
    {
        Store.Save(StoredServices.Full());

        Assert.True(Store.Remove("shop"));

        Assert.False(Store.Remove("shop"));
        Assert.All(["services", "components", "component_routes"], table => Assert.Equal(0, Count(table)));
    }

    [Fact]
    public void Remove_OneComponentOfTwo_LeavesTheOther()
    {
        Store.Save(StoredServices.Full());

        Assert.True(Store.Remove("shop", "web"));

        var left = Store.Find("shop")!;
        Assert.Equal(StoredServices.Full().Components[1], Assert.Single(left.Components));
        Assert.Equal(["api"], left.Definition.Components.Select(c => c.Name));
        Assert.Equal(0, Count("component_routes"));
        Assert.False(Store.Remove("shop", "web"));
    }

    [Fact]
    public void Remove_LastComponent_RemovesTheService()
    {
        Store.Save(StoredServices.Small("one"));

        Assert.True(Store.Remove("one", "one"));

        Assert.Null(Store.Find("one"));
    }

    [Fact]
    public void PortClaims_RoutesAndFixedPorts_NameTheirOwners()
    {
        Store.Save(StoredServices.Full());

        Assert.Equal(
            [("tls", 12345, "127.0.0.1", "tcp"), (null, 53, null, "udp"), (null, 80, "::1", "tcp"), (null, 8443, "10.0.0.1", "tcp")],
            Store.PortClaims().OrderBy(c => c.Route is null).ThenBy(c => c.HostPort)
                .Select(c => (c.Route, c.HostPort, c.HostIp, c.Protocol)));
    }

    [Fact]
    public async Task Writes_FromManyThreads_AllArrive()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), async (i, _) =>
        {
            await Task.Yield();
            Store.Save(StoredServices.Small($"s{i}", hostPort: 20000 + i));
            Assert.NotNull(Store.Find($"s{i}"));
        });

        Assert.Equal(40, Store.KnownServices.Count);
    }

    private int Count(string table) => (int)_registry.Database.Read(connection => connection.Number($"SELECT count(*) FROM {table}"));
}
