using Grpc.Core;
using Mcp.Agent.Audit;
using Mcp.V1;

namespace Mcp.Agent.Rpc;

/// <summary>Audits calls that no operation audits: those denied or refused before one began, and image transfers, which are none.</summary>
internal sealed class CallAudit(AuditLog audit, ILogger<CallAudit> log)
{
    public void Completed(ServerCallContext context, RpcPolicy policy, object? request, object response)
    {
        if (policy.Action is not { } action || context.HasBegun())
            return;
        // Layers do nothing until an image is made of them.
        if (response is AddImageResponse { Image: { } image })
            Append(context, action, request, "succeeded", image.Asked);
    }

    public void Failed(ServerCallContext context, RpcPolicy policy, object? request, RpcException error)
    {
        if (policy.Action is not { } action || context.HasBegun())
            return;
        // A transfer failed while it was carried out; other requests were refused as a whole.
        var outcome = error.StatusCode == StatusCode.PermissionDenied ? "denied"
            : request is AddImageRequest or null ? "failed" : "refused";
        Append(context, action, request, outcome, error.Status.Detail);
    }

    private void Append(ServerCallContext context, string action, object? request, string outcome, string message)
    {
        // Without a token that the agent knows there is no "who", and strangers must not be able to fill the disk.
        if (context.FindCaller() is not { } caller)
            return;
        var (service, component) = SubjectOf(request);
        try
        {
            audit.Append(new(caller, action, service, component, "", outcome, message));
        }
        catch (AgentException e)
        {
            log.LogError(e, "The audit could not record {Action} of {Service} by {Caller} from {Peer}, {Outcome}",
                action, service, caller.Name, caller.Peer, outcome);
        }
    }

    private static (string Service, string Component) SubjectOf(object? request) => request switch
    {
        DeployRequest deploy => (deploy.Definition?.Name ?? "", deploy.Component),
        RollbackRequest rollback => (rollback.Service, ""),
        UndeployRequest undeploy => (undeploy.Service, undeploy.Component),
        ComponentsRequest components => (components.Service, components.Component),
        _ => ("", ""),
    };
}
