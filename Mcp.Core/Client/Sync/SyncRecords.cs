using System.Text.Json.Serialization;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Collections;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Core.Status;

namespace Mcp.Core.Client.Sync;

/// <summary>What is to be brought to its definition.</summary>
/// <param name="Services">Empty: every service that has a file; services that nodes run and no file defines are then reported too.</param>
/// <param name="Node">Only services that belong on this node; null: on all.</param>
public sealed record SyncOrder(ValueList<string> Services, string? Node = null)
{
    public OperationOptions Options { get; init; } = OperationOptions.Default;
}

/// <summary>A sync that has been read and checked; no node was asked yet.</summary>
/// <param name="Nodes">Those that will be asked.</param>
/// <param name="Places">Service -> node, of every definition that was read; null: orphans are not looked for.</param>
public sealed record PreparedSync(ValueList<PreparedDeploy> Deploys, ValueList<NodeConfig> Nodes, ValueMap? Places);

/// <summary>What a sync reports, interleaved over the nodes.</summary>
public abstract record SyncUpdate(string Node);

/// <summary>How one service gets on: image work, then its operation.</summary>
public sealed record SyncProgressed(string Node, string Service, OperationUpdate Update) : SyncUpdate(Node);

/// <summary>Once per service, last of what is said about it.</summary>
public sealed record SyncEnded(SyncResult Result) : SyncUpdate(Result.Node);

/// <summary>A node that can't be asked. Its services get a result each as well; the other nodes continue.</summary>
public sealed record SyncNodeFailed(string Node, McpException Error) : SyncUpdate(Node);

/// <summary>A service that a node runs and no file puts there. It is left alone.</summary>
/// <param name="DefinedFor">The node that its file names instead; null when it has no file.</param>
public sealed record SyncOrphan(string Node, string Service, string? DefinedFor) : SyncUpdate(Node);

public sealed record SyncResult
{
    public required string Service { get; init; }

    public required string Node { get; init; }

    public required SyncOutcome Outcome { get; init; }

    /// <summary>Set unless the outcome is <see cref="SyncOutcome.Unchanged"/> or <see cref="SyncOutcome.Deployed"/>.</summary>
    [JsonIgnore] // An exception has no JSON form of its own.
    public McpException? Error { get; init; }

    /// <summary>Those that were built, pushed or sent for it.</summary>
    public ValueList<ImageResult> Images { get; init; } = [];

    public ValueList<ComponentStatus> Components { get; init; } = [];

    /// <summary>Empty when it did not get that far.</summary>
    public string OperationId { get; init; } = "";

    public TimeSpan Elapsed { get; init; }
}

public enum SyncOutcome
{
    /// <summary>It was up to date.</summary>
    Unchanged,

    Deployed,

    Failed,

    /// <summary>Failed, and the previous version was restored.</summary>
    RolledBack,

    /// <summary>Its node could not be asked.</summary>
    Unreachable,
}
