using System.Text;
using Grpc.Core;
using Mcp.Core;
using Mcp.Core.Containers;
using Mcp.Core.Protocol;

namespace Mcp.Agent.Rpc;

/// <summary>The one place where the agent's and the engine's errors become gRPC statuses. The remedy and the stable id travel
/// as trailers.</summary>
internal static class ErrorTable
{
    public static RpcException ToRpc(AgentException e) => Make(StatusOf(e.Error), e.Message, e.Remedy, e.Id);

    public static RpcException ToRpc(EngineException e) => Make(StatusOf(e.Error), e.Message, e.Remedy, ErrorIds.Of(e.Error));

    /// <summary>UNAVAILABLE is left to mean that the agent itself could not be reached.</summary>
    private static StatusCode StatusOf(AgentError error) => error switch
    {
        AgentError.InvalidDefinition or AgentError.InvalidRequest or AgentError.AgentTooOld => StatusCode.InvalidArgument,
        AgentError.NotFound => StatusCode.NotFound,
        AgentError.ServiceLocked => StatusCode.Aborted,
        AgentError.PortsExhausted or AgentError.RegistryDiskFull => StatusCode.ResourceExhausted,
        AgentError.RegistryCorrupt => StatusCode.DataLoss,
        AgentError.RegistryFailed => StatusCode.Internal,
        _ => StatusCode.FailedPrecondition,
    };

    private static StatusCode StatusOf(EngineError error) => error switch
    {
        EngineError.NotFound => StatusCode.NotFound,
        EngineError.DiskFull => StatusCode.ResourceExhausted,
        EngineError.NotSupported => StatusCode.Unimplemented,
        EngineError.BadArchive => StatusCode.InvalidArgument,
        EngineError.Failed => StatusCode.Internal,
        _ => StatusCode.FailedPrecondition,
    };

    /// <summary>For calls that a stopping agent refuses or ends.</summary>
    public static RpcException Stopping() =>
        Make(StatusCode.Unavailable, "the agent is stopping", "try again when it has been started again", "agent-stopping");

    /// <param name="id">Stable, kebab-case.</param>
    public static RpcException Make(StatusCode code, string message, string remedy, string id) =>
        new(new Status(code, Bounded(message)), new Metadata
        {
            { ErrorTrailers.ErrorId, id },
            { ErrorTrailers.Remedy, Encoding.UTF8.GetBytes(Bounded(remedy)) },
        });

    // .NET's client takes 64 KiB of trailers, and each character becomes up to nine bytes.
    private static string Bounded(string text) => SafeText.Of(text.Length <= 3000 ? text : text[..3000] + " ...", lines: true);
}
