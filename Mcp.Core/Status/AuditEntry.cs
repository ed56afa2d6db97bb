using System.Text.Json.Serialization;

namespace Mcp.Core.Status;

/// <summary>Something that was done, or tried, on a node.</summary>
/// <param name="Actor">Name of the token.</param>
/// <param name="From">The caller's address, also of what the agent had to finish later.</param>
/// <param name="Action">deploy, rollback, undeploy, start, stop, restart, send-layer (failures only), load-image.</param>
/// <param name="Outcome">succeeded, failed, rolled-back, refused (nothing was touched) or denied (the role did not allow it).</param>
/// <param name="Message">Why, when it did not succeed. Never a secret.</param>
public sealed record AuditEntry(
    long Id, DateTimeOffset At, string Actor, string Role, string From, string Action, string Service, string Component, string OperationId,
    string Outcome, string Message)
{
    /// <summary><see cref="From"/> for people: "10.0.0.1:51234", without the kind of address that gRPC puts before it.</summary>
    [JsonIgnore]
    public string Address =>
        From.StartsWith("ipv4:", StringComparison.Ordinal) || From.StartsWith("ipv6:", StringComparison.Ordinal)
            ? From["ipv4:".Length..]
            : From;
}

/// <param name="Service">null: all, and what concerns none.</param>
/// <param name="Tail">Last ones only; null: all.</param>
public sealed record AuditRequest(string? Service = null, DateTimeOffset? Since = null, int? Tail = null);
