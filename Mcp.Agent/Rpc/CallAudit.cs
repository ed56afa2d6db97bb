using Grpc.Core;
using Mcp.Agent.Audit;
using Mcp.Agent.Auth;
using Mcp.V1;

namespace Mcp.Agent.Rpc;

/// <summary>Audits calls that no operation audits: those denied or refused before one began, and image transfers, which are none.</summary>
internal sealed class CallAudit(AuditLog audit, FailedAttempts failures, ILogger<CallAudit> log)
{
    /// <summary>The caller's role does not permit the call, of which nothing has been read.</summary>
    public void Denied(Caller caller, RpcPolicy policy, RpcException error)
    {
        if (policy.Action is { } action)
            AppendSome(caller, action, null, "denied", error.Status.Detail);
    }

    public void Completed(ServerCallContext context, RpcPolicy policy, object? request, object response)
    {
        if (policy.Action is not { } action || context.HasBegun())
            return;
        // Layers do nothing until an image is made of them.
        if (response is AddImageResponse { Image: { } image } && context.FindCaller() is { } caller)
            Append(caller, action, request, "succeeded", image.Asked);
        if (response is CancelOperationResponse cancelled && context.FindCaller() is { } canceller)
            Append(canceller, action, request, "succeeded", $"operation {cancelled.OperationId} by {cancelled.Actor}");
    }

    public void Failed(ServerCallContext context, RpcPolicy policy, object? request, RpcException error)
    {
        // Without a token that the agent knows there is no "who", and strangers must not be able to fill the disk.
        if (policy.Action is not { } action || context.HasBegun() || context.FindCaller() is not { } caller)
            return;
        // A transfer failed while it was carried out; other requests were refused as a whole.
        AppendSome(caller, action, request, request is AddImageRequest or null ? "failed" : "refused",
            request is AddImageRequest image ? $"{image.Image}: {error.Status.Detail}" : error.Status.Detail);
    }

    /// <summary>Of a caller who fails again and again, some entries, and how many there were beside them.</summary>
    private void AppendSome(Caller caller, string action, object? request, string outcome, string message)
    {
        if (failures.ShouldNote(FailedAttempts.OfToken(caller.Name), out var more))
            Append(caller, action, request, outcome, message + (more > 0 ? $" ({more} more since the last entry)" : ""));
    }

    private void Append(Caller caller, string action, object? request, string outcome, string message)
    {
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
        CancelOperationRequest cancel => (cancel.Service, ""),
        ComponentsRequest components => (components.Service, components.Component),
        _ => ("", ""),
    };
}
