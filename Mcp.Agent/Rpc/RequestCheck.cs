using Google.Protobuf;
using Mcp.Agent.Node;
using Mcp.Core.Protocol;

namespace Mcp.Agent.Rpc;

/// <summary>Refuses a request that is beyond its limits, or asks for something this agent does not know: carried out in part, it would look
/// done.</summary>
internal static class RequestCheck
{
    public static void Check(object? request)
    {
        if (request is not IMessage message)
            return;
        if (RequestLimits.Find(message) is { } beyond)
            throw new AgentException(
                AgentError.InvalidRequest, $"the request is refused: {beyond}", "docs/security.md has the limits of requests");
        if (UnknownContent.Find(message) is { } found)
        {
            throw new AgentException(
                AgentError.AgentTooOld,
                $"the request has {found}, which this agent (version {AgentIdentity.BuildVersion}) does not know: it needs a newer agent",
                "update mcp-agent on this node to the version of the client (`mcp version`)");
        }
    }
}
