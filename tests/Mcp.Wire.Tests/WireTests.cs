using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Health.V1;
using Mcp.Agent.Auth;
using Mcp.Agent.Events;
using Mcp.Agent.Tests.Hosting;
using Mcp.Core.Containers;
using Mcp.Core.Protocol;
using Mcp.Testing;
using Mcp.Testing.Containers;
using Mcp.Testing.Engines;
using Mcp.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Mcp.Wire.Tests;

/// <summary>What a client in another language gets from the agent: its real host, TLS and tokens; only the engine is a fake.</summary>
[Trait("Group", "wire")]
public abstract class WireTests(ForeignClient client) : IAsyncLifetime
{
    private const string Image = "registry/web:v1";

    private readonly CallRecorder _calls = new();
    private TestAuthority _authority = null!;
    private RunningAgent _agent = null!;
    private string _token = "";

    public async Task InitializeAsync()
    {
        _agent = await RunningAgent.StartAsync(
            folder =>
            {
                _authority = TestAuthority.Create(folder.Path);
                return new(_authority.ChainFile, _authority.KeyFile);
            },
            services =>
            {
                services.AddSingleton(_calls);
                services.Configure<GrpcServiceOptions>(options => options.Interceptors.Add<CallRecorder>());
            });
        _token = await _agent.TokenAsync(Role.Operator);
    }

    public async Task DisposeAsync() => await _agent.DisposeAsync();

    [EngineFact]
    public async Task Unary_NodeStatus_IsAnswered()
    {
        var answer = await CallAsync("unary", "GetNodeStatus", new GetNodeStatusRequest());

        Assert.Equal(StatusCode.OK, answer.Code);
        Assert.Equal((await _agent.Engine.GetInfoAsync(default)).Name, Assert.Single(answer.Read(NodeStatus.Parser)).EngineName);
    }

    [EngineFact]
    public async Task ServerStreaming_Deploy_ReportsPlanStepsAndResult()
    {
        _agent.Engine.AddToRegistry(Image);
        var web = new ComponentDefinition { Name = "web", Image = Image, Health = new() { StayUp = new() } };

        var definition = new ServiceDefinition { Name = "web", Active = true, Components = { web } };

        var answer = await CallAsync("server", "Deploy", new DeployRequest { Definition = definition });

        Assert.Equal(StatusCode.OK, answer.Code);
        var events = answer.Read(OperationEvent.Parser);
        Assert.Equal(OperationEvent.EventOneofCase.Plan, events[0].EventCase);
        Assert.Equal(OperationOutcome.Succeeded, events[^1].Result.Outcome);
        Assert.Single(_agent.Engine.Containers);
    }

    [EngineFact]
    public async Task ServerStreaming_CallerCancels_EndsAtTheAgent()
    {
        Happen("something");

        var answer = await CallAsync(new("server", Method("GetEvents"), new GetEventsRequest { Follow = true }) { CancelAfter = 1 });

        Assert.Equal(StatusCode.Cancelled, answer.Code);
        await _calls.EndedAsync("GetEvents");
    }

    [EngineFact]
    public async Task ServerStreaming_DeadlinePasses_EndsAtTheAgent()
    {
        var answer = await CallAsync(new("server", Method("GetEvents"), new GetEventsRequest { Follow = true }) { Deadline = 5000 });

        Assert.Equal(StatusCode.DeadlineExceeded, answer.Code);
        await _calls.EndedAsync("GetEvents");
    }

    [EngineFact]
    public async Task ServerStreaming_MessageOfEightMebibytes_ComesWhole()
    {
        var text = new string('ü', 4 * 1024 * 1024);
        Happen(text);

        var answer = await CallAsync("server", "GetEvents", new GetEventsRequest { Tail = 1 });

        Assert.Equal((StatusCode.OK, text), (answer.Code, Assert.Single(answer.Read(Event.Parser)).Message));
    }

    [EngineFact]
    public async Task Duplex_LayerOfEightMebibytes_IsStoredAndMakesAnImage()
    {
        var image = TestImage.Of(new byte[8 * 1024 * 1024]);
        var header = new LayerHeader { Layer = image.DiffIds[0], Size = image.Layers[0].Length };
        var chunks = image.Layers[0].Chunk(1024 * 1024).Select(chunk => new SendLayerRequest { Chunk = ByteString.CopyFrom(chunk) });

        var sent = await CallAsync("duplex", "SendLayer", [new SendLayerRequest { Header = header }, .. chunks]);
        var added = await CallAsync(
            "unary", "AddImage", new AddImageRequest { Image = Image, Config = ByteString.CopyFrom(image.Config) });

        Assert.Equal((StatusCode.OK, StatusCode.OK), (sent.Code, added.Code));
        Assert.Equal([0, header.Size], sent.Read(SendLayerResponse.Parser).Select(r => r.Stored));
        Assert.Equal(image.Id, Assert.Single(added.Read(AddImageResponse.Parser)).Image.Id);
        Assert.Equal(image.Id, (await _agent.Engine.InspectImageAsync(Image, default))?.Id);
    }

    [EngineFact]
    public async Task Error_OfTheEngine_ComesWithIdAndRemedyInAnyScript()
    {
        _agent.Engine.Fail(
            EngineVerb.InspectImage,
            new EngineException(EngineError.Denied, "Zugriff verweigert: Größe 100 % 世界", "melde dich an — jetzt"));

        var answer = await CallAsync("unary", "FindImages", new FindImagesRequest { Images = { Image } });

        Assert.Equal((StatusCode.FailedPrecondition, "Zugriff verweigert: Größe 100 % 世界"), (answer.Code, answer.Details));
        Assert.Equal(("denied", "melde dich an — jetzt"), (answer.Trailers[ErrorTrailers.ErrorId], answer.Trailers[ErrorTrailers.Remedy]));
    }

    [EngineFact]
    public async Task Request_LargerThanTheLimit_IsRefusedWithTheReason()
    {
        var answer = await CallAsync("unary", "FindImages", new FindImagesRequest { Images = { new string('a', 8 * 1024 * 1024) } });

        Assert.Equal(StatusCode.ResourceExhausted, answer.Code);
        Assert.Contains("exceeds the maximum configured message size", answer.Details, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Health_WithoutAToken_IsServing()
    {
        var answer = await CallAsync(new("unary", "/grpc.health.v1.Health/Check", new HealthCheckRequest()) { Token = "" });

        Assert.Equal(StatusCode.OK, answer.Code);
        Assert.Equal(ServingStatus.Serving, Assert.Single(answer.Read(HealthCheckResponse.Parser)).Status);
    }

    [EngineFact]
    public async Task Health_AgentStops_IsToldToWhoWatches()
    {
        var watching = CallAsync(new("server", "/grpc.health.v1.Health/Watch", new HealthCheckRequest()));
        await _calls.BeganAsync("Watch");
        _agent.Host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.Equal(ServingStatus.NotServing, (await watching).Read(HealthCheckResponse.Parser)[^1].Status);
    }

    [EngineFact]
    public async Task UnknownMethod_IsUnimplemented() =>
        Assert.Equal(StatusCode.Unimplemented, (await CallAsync("unary", "Missing", new GetNodeStatusRequest())).Code);

    [EngineFact]
    public async Task Call_WithoutAGoodToken_IsUnauthenticated()
    {
        foreach (var (token, id) in (IEnumerable<(string, string)>)[("", "token-missing"), ("mcp_wrong", "token-wrong")])
        {
            var answer = await CallAsync(new("unary", Method("GetNodeStatus"), new GetNodeStatusRequest()) { Token = token });

            Assert.Equal((StatusCode.Unauthenticated, id), (answer.Code, answer.Trailers[ErrorTrailers.ErrorId]));
            Assert.NotEmpty(answer.Trailers[ErrorTrailers.Remedy]);
        }
    }

    [EngineFact]
    public async Task Duplex_WithoutAToken_IsRefusedWhateverIsSent()
    {
        var chunk = new SendLayerRequest { Chunk = ByteString.CopyFrom(new byte[1024 * 1024]) };

        var answer = await CallAsync(new("duplex", Method("SendLayer"), [.. Enumerable.Repeat(chunk, 16)]) { Token = "" });

        Assert.Equal((StatusCode.Unauthenticated, "token-missing"), (answer.Code, answer.Trailers[ErrorTrailers.ErrorId]));
    }

    private void Happen(string message) => _agent.Host.Services.GetRequiredService<EventLog>().Append(new(EventKinds.Deployed, message));

    private static string Method(string name) => $"/{NodeAgent.Descriptor.FullName}/{name}";

    private Task<ForeignAnswer> CallAsync(string kind, string method, params IMessage[] requests) =>
        CallAsync(new(kind, Method(method), requests));

    private Task<ForeignAnswer> CallAsync(ForeignCall call) =>
        client.MakeAsync(call with { Token = call.Token ?? _token }, _agent.Host.Address, _authority.RootFile);
}

public sealed class NodeTests(NodeClient client) : WireTests(client), IClassFixture<NodeClient>;

public sealed class PythonTests(PythonClient client) : WireTests(client), IClassFixture<PythonClient>;
