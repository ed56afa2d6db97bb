using Grpc.Core;
using Mcp.Agent.Audit;
using Mcp.Agent.Auth;
using Mcp.Agent.Registry;
using Mcp.Agent.Rpc;
using Mcp.Core.Protocol;
using Mcp.Testing;
using Mcp.V1;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcp.Agent.Tests.Rpc;

public sealed class PolicyInterceptorTests : IDisposable
{
    private const string Agent = "/mcp.v1.NodeAgent/";

    private readonly TempFolder _folder = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly RegistryDatabase _database;
    private readonly AuditLog _audit;
    private readonly PolicyInterceptor _interceptor;

    public PolicyInterceptorTests()
    {
        _database = RegistryDatabase.Open(_folder.File("registry.db"));
        _audit = new AuditLog(_database, TimeProvider.System);
        var authorizer = new Authorizer(null!, new FailedAttempts(TimeProvider.System), NullLogger<Authorizer>.Instance);
        var calls = new CallAudit(_audit, new FailedAttempts(TimeProvider.System), NullLogger<CallAudit>.Instance);
        _interceptor = new(authorizer, calls, _lifetime, TimeProvider.System, NullLogger<PolicyInterceptor>.Instance);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Call_WithoutAPolicy_IsRefusedBeforeItsHandler()
    {
        var context = new FakeCallContext(Agent + "Unlisted", Role.Viewer);
        IEnumerable<Func<Task>> kinds =
        [
            () => _interceptor.UnaryServerHandler<string, string>("", context, (_, _) => throw Reached()),
            () => _interceptor.ClientStreamingServerHandler<string, string>(null!, context, (_, _) => throw Reached()),
            () => _interceptor.ServerStreamingServerHandler<string, string>("", null!, context, (_, _, _) => throw Reached()),
            () => _interceptor.DuplexStreamingServerHandler<string, string>(null!, null!, context, (_, _, _) => throw Reached()),
        ];

        foreach (var call in kinds)
            Assert.Equal("method-closed", IdOf(await Assert.ThrowsAsync<RpcException>(call)));
    }

    [Theory]
    [InlineData("GetStatus", true)]
    [InlineData("WatchOperation", true)]
    [InlineData("GetEvents", false)]
    [InlineData("Restart", false)]
    public async Task Call_AgentIsStopping_IsHandledOrRefused(string method, bool isHandled)
    {
        _lifetime.StopApplication();
        var wasHandled = false;
        var call = HandleAsync(method, _ =>
        {
            wasHandled = true;
            return Task.CompletedTask;
        });

        if (isHandled)
            await call;
        else
            Assert.Equal("agent-stopping", IdOf(await Assert.ThrowsAsync<RpcException>(() => call)));
        Assert.Equal(isHandled, wasHandled);
    }

    [Fact]
    public async Task Call_AgentStopsMeanwhile_OnlyWhatHasNoEndIsEnded()
    {
        var follow = HandleAsync("GetLogs", end => Task.Delay(Timeout.Infinite, end));
        await HandleAsync("Deploy", end =>
        {
            _lifetime.StopApplication();
            Assert.False(end.IsCancellationRequested);
            return Task.CompletedTask;
        });

        Assert.Equal("agent-stopping", IdOf(await Assert.ThrowsAsync<RpcException>(() => follow)));
    }

    [Fact]
    public async Task Call_RefusedOfAnAuditedMethod_IsAuditedWithTheReason()
    {
        foreach (var method in (string[])["Restart", "GetStatus"])
        {
            await Assert.ThrowsAsync<RpcException>(() =>
                HandleAsync(method, _ => throw new AgentException(AgentError.NotFound, "no service web", "deploy it")));
        }

        var entry = Assert.Single(_audit.Query(new(null, null, null)));
        Assert.Equal(
            ("restart", "web", "api", "refused", "no service web"),
            (entry.Action, entry.Service, entry.Component, entry.Outcome, entry.Message));
    }

    private Task HandleAsync(string method, Func<CancellationToken, Task> handle) =>
        _interceptor.ServerStreamingServerHandler<ComponentsRequest, OperationEvent>(
            new() { Service = "web", Component = "api" }, null!, new FakeCallContext(Agent + method, Role.Operator),
            (_, _, context) => handle(context.End()));

    private static string? IdOf(RpcException error) => error.Trailers.GetValue(ErrorTrailers.ErrorId);

    private static InvalidOperationException Reached() => new("the handler was reached");
}
