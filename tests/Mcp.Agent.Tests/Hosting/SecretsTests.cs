using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Mcp.Agent.Auth;
using Mcp.Agent.Rpc;
using Mcp.V1;

namespace Mcp.Agent.Tests.Hosting;

/// <summary>No answer of any RPC holds a value that may be a secret. A new RPC is asked, too.</summary>
public sealed class SecretsTests
{
    [Fact]
    public async Task Answers_OfEveryRpc_HoldNoValueOfADefinition()
    {
        await using var agent = await RunningAgent.StartAsync();
        agent.Engine.AddToRegistry("registry/web:v1");
        var client = agent.Client(out var channel);
        using var _ = channel;
        var headers = RunningAgent.Bearer(await agent.TokenAsync(Role.Operator));
        var answers = new Dictionary<string, byte[]>();
        string? operation = null;
        foreach (var round in new[] { "first", "second" })
        {
            // The second changes every value: plans and histories tell what differs.
            var request = new DeployRequest { Definition = Definition("canary-" + round) };
            answers[round + " Plan"] = (await client.PlanAsync(request, headers)).ToByteArray();
            using var deploy = client.Deploy(request, headers);
            await foreach (var update in deploy.ResponseStream.ReadAllAsync())
            {
                operation = update.OperationId;
                answers[$"{round} Deploy {answers.Count}"] = update.ToByteArray();
            }
        }
        foreach (var policy in RpcPolicy.All.Where(p => p.Method.StartsWith("/mcp.", StringComparison.Ordinal)))
            answers[policy.Method] = await AskAsync(channel.CreateCallInvoker(), policy.Method, operation!, headers);

        Assert.Contains("web", Encoding.UTF8.GetString(answers["/mcp.v1.NodeAgent/ListServices"]), StringComparison.Ordinal);
        Assert.Contains("***", Encoding.UTF8.GetString(answers["/mcp.v1.NodeAgent/WatchOperation"]), StringComparison.Ordinal);
        Assert.Empty(answers.Where(a => Encoding.UTF8.GetString(a.Value).Contains("canary", StringComparison.Ordinal)).Select(a => a.Key));
    }

    private static ServiceDefinition Definition(string canary) => new()
    {
        Name = "web", Active = true, BuildArguments = { ["TOKEN"] = canary + "-build" },
        Components =
        {
            new ComponentDefinition
            {
                Name = "web", Image = "registry/web:v1", Env = { $"PASSWORD={canary}-env" }, Cmd = { "serve", $"--key={canary}-cmd" },
                Health = new() { Exec = { "check", $"--key={canary}-exec" }, StayUp = new() },
            },
        },
    };

    /// <summary>All that the RPC answers, refusals included, to a request that names the service.</summary>
    private static async Task<byte[]> AskAsync(CallInvoker invoker, string path, string operation, Metadata headers)
    {
        var descriptor = NodeAgent.Descriptor.FindMethodByName(path.Split('/')[2]);
        var bytes = Marshallers.Create<byte[]>(b => b, b => b);
        var method = new Method<byte[], byte[]>(MethodType.DuplexStreaming, NodeAgent.Descriptor.FullName, descriptor.Name, bytes, bytes);
        using var call = invoker.AsyncDuplexStreamingCall(method, null, new(headers, DateTime.UtcNow.AddSeconds(30)));
        var answer = new List<byte>();
        try
        {
            await call.RequestStream.WriteAsync(Request(descriptor.InputType, operation).ToByteArray());
            await call.RequestStream.CompleteAsync();
            while (await call.ResponseStream.MoveNext(default))
                answer.AddRange(call.ResponseStream.Current);
        }
        catch (RpcException e)
        {
            answer.AddRange(Encoding.UTF8.GetBytes(e.Status.Detail + string.Concat(
                e.Trailers.Select(t => t.IsBinary ? Encoding.UTF8.GetString(t.ValueBytes) : t.Value))));
        }
        return [.. answer];
    }

    private static IMessage Request(MessageDescriptor type, string operation)
    {
        var request = type.Parser.ParseFrom(ByteString.Empty);
        type.FindFieldByName("service")?.Accessor.SetValue(request, "web");
        type.FindFieldByName("operation_id")?.Accessor.SetValue(request, operation);
        return request;
    }
}
