using Grpc.AspNetCore.Server;
using Grpc.Compat.Tests.Probe;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Compat.Tests.Server;

public sealed class ServerTests
{
    [Fact]
    public async Task DetailedErrors_On_TellTheExceptionsWords()
    {
        await using var server = await ProbeHost.StartAsync(configure: options => options.EnableDetailedErrors = true);

        var exception = await FailsAsync(server, new EchoRequest { ThrowError = true }, StatusCode.Unknown);

        Assert.Equal("Exception was thrown by handler. InvalidOperationException: secret words", exception.Status.Detail);
    }

    [Fact]
    public async Task Interceptors_Registered_RunInOrderAroundTheHandler()
    {
        var log = new List<string>();
        await using var server = await ProbeHost.StartAsync(
            configure: options =>
            {
                options.Interceptors.Add<Noting>("first");
                options.Interceptors.Add<Noting>("second");
            },
            services: services => services.AddSingleton(log));
        using var channel = Guard.Channel(server.Address);

        await Guard.Within(new Probe.Probe.ProbeClient(channel).EchoAsync(new EchoRequest()).ResponseAsync);

        Assert.Equal(["first in", "second in", "second out", "first out"], log.Where(entry => entry != "disposed"));
        Assert.Equal(2, log.Count(entry => entry == "disposed"));
    }

    [Fact]
    public async Task Interceptor_ThatThrows_DecidesTheStatus()
    {
        await using var server = await ProbeHost.StartAsync(configure: options => options.Interceptors.Add<Denying>());

        var exception = await FailsAsync(server, new EchoRequest(), StatusCode.Unauthenticated);

        Assert.Equal("who are you?", exception.Status.Detail);
        Assert.Equal("here", exception.Trailers.GetValue("x-where"));
    }

    [Fact]
    public async Task ServiceOptions_OfOneService_WinOverThoseOfAll()
    {
        await using var server = await ProbeHost.StartAsync(
            configure: options => options.MaxReceiveMessageSize = 1,
            services: services => services.AddGrpc().AddServiceOptions<ProbeService>(options => options.MaxReceiveMessageSize = 1000));
        using var channel = Guard.Channel(server.Address);

        Assert.Equal("hello", (await Guard.Within(new Probe.Probe.ProbeClient(channel).EchoAsync(new EchoRequest { Text = "hello" }).ResponseAsync)).Text);
        await FailsAsync(server, new EchoRequest { Text = new string('a', 1001) }, StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task MaxSendMessageSize_LargerReply_IsResourceExhausted()
    {
        await using var server = await ProbeHost.StartAsync(configure: options => options.MaxSendMessageSize = 10);

        await FailsAsync(server, new EchoRequest { Text = "longer than ten bytes" }, StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Deadline_HandlerThatDoesNotListen_CallerIsAnsweredAllTheSame()
    {
        var release = new TaskCompletionSource();
        await using var server = await ProbeHost.StartAsync(
            services: services => services.AddSingleton(release), map: app => app.MapGrpcService<Deaf>());
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/grpc.compat.tests.Probe/Echo"))
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Wire.Frames.Hello) { Headers = { ContentType = new("application/grpc") } },
        };
        request.Headers.Add("grpc-timeout", "100m");

        using var response = await Guard.Within(http.SendAsync(request));
        release.SetResult();

        Assert.Equal("4", response.Headers.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task Context_OfACall_SaysWhatIsCalledByWhom()
    {
        await using var server = await ProbeHost.StartAsync(map: app => app.MapGrpcService<Reporting>());
        using var channel = Guard.Channel(server.Address);

        var reply = await Guard.Within(new Probe.Probe.ProbeClient(channel).EchoAsync(new EchoRequest()).ResponseAsync);

        Assert.StartsWith($"/grpc.compat.tests.Probe/Echo {server.Address.Authority} ipv4:127.0.0.1:", reply.Text, StringComparison.Ordinal);
        Assert.EndsWith(" HTTP/2 GrpcMethodMetadata none", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoints_OfAService_CarryItsAttributesAndConventions()
    {
        await using var server = await ProbeHost.StartAsync(map: app =>
        {
            app.MapGrpcService<Reporting>().WithMetadata("convention");
            app.Use((http, next) =>
            {
                var metadata = http.GetEndpoint()!.Metadata;
                http.Response.Headers["x-found"] = $"{metadata.GetMetadata<MarkAttribute>()?.Text} {metadata.GetMetadata<string>()}";
                return next(http);
            });
        });
        using var channel = Guard.Channel(server.Address);
        using var call = new Probe.Probe.ProbeClient(channel).EchoAsync(new EchoRequest());

        Assert.Equal("on the method convention", (await Guard.Within(call.ResponseHeadersAsync)).GetValue("x-found"));
    }

    [Fact]
    public async Task Status_SetByTheHandler_IsSent()
    {
        await using var server = await ProbeHost.StartAsync(map: app => app.MapGrpcService<Reporting>());
        using var channel = Guard.Channel(server.Address);
        using var call = new Probe.Probe.ProbeClient(channel).Repeat(new EchoRequest());

        var exception = await Guard.FailsAsync(() => call.ResponseStream.MoveNext(), StatusCode.DataLoss);

        Assert.Equal("set", exception.Status.Detail);
    }

    [Fact]
    public async Task Writer_AfterTheCallerLeft_RefusesToWrite()
    {
        var outcome = new TaskCompletionSource<Exception>();
        await using var server = await ProbeHost.StartAsync(
            services: services => services.AddSingleton(outcome), map: app => app.MapGrpcService<Endless>());
        using var channel = Guard.Channel(server.Address);
        using (var call = new Probe.Probe.ProbeClient(channel).Repeat(new EchoRequest()))
            Assert.True(await Guard.Within(call.ResponseStream.MoveNext()));

        Assert.True(await Guard.Within(outcome.Task) is InvalidOperationException or OperationCanceledException);
    }

    [Fact]
    public async Task Map_WithoutAddGrpc_SaysWhatToCall()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();

        Assert.Contains("AddGrpc", Assert.Throws<InvalidOperationException>(() => app.MapGrpcService<ProbeService>()).Message, StringComparison.Ordinal);
    }

    private static async Task<RpcException> FailsAsync(ProbeHost server, EchoRequest request, StatusCode expected)
    {
        using var channel = Guard.Channel(server.Address);
        return await Guard.FailsAsync(new Probe.Probe.ProbeClient(channel).EchoAsync(request), expected);
    }

    private sealed class Noting(string name, List<string> log) : Interceptor, IDisposable
    {
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            log.Add(name + " in");
            var response = await continuation(request, context);
            log.Add(name + " out");
            return response;
        }

        public void Dispose() => log.Add("disposed");
    }

    private sealed class Denying : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            throw new RpcException(new Status(StatusCode.Unauthenticated, "who are you?"), new Metadata { { "x-where", "here" } });
    }

    private sealed class Deaf(TaskCompletionSource release) : Probe.Probe.ProbeBase
    {
        public override async Task<EchoReply> Echo(EchoRequest request, ServerCallContext context)
        {
            await release.Task;
            return new EchoReply();
        }
    }

    private sealed class Endless(TaskCompletionSource<Exception> outcome) : Probe.Probe.ProbeBase
    {
        public override async Task Repeat(EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
        {
            try
            {
                while (true)
                    await responseStream.WriteAsync(new EchoReply { Text = "again" });
            }
            catch (Exception e)
            {
                outcome.TrySetResult(e);
                throw;
            }
        }
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class MarkAttribute(string text) : Attribute
    {
        public string Text { get; } = text;
    }

    private sealed class Reporting : Probe.Probe.ProbeBase
    {
        [Mark("on the method")]
        public override Task<EchoReply> Echo(EchoRequest request, ServerCallContext context)
        {
            var http = context.GetHttpContext();
            var metadata = http.GetEndpoint()!.Metadata.GetMetadata<GrpcMethodMetadata>();
            var deadline = context.Deadline == DateTime.MaxValue ? "none" : "some";
            return Task.FromResult(new EchoReply
            {
                Text = $"{context.Method} {context.Host} {context.Peer} {http.Request.Protocol} {metadata?.GetType().Name} {deadline}",
            });
        }

        public override Task Repeat(EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
        {
            context.Status = new Status(StatusCode.DataLoss, "set");
            return Task.CompletedTask;
        }
    }
}
