using System.Text.Json.Serialization;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Operations;

namespace Mcp.Core.Planning;

/// <summary>One thing to do, as data: everything that doing it and undoing it needs is here. The journal keeps it as JSON, without <see
/// cref="Spec"/> and
/// <see cref="Health"/>: their environment and commands may hold secrets.</summary>
public sealed record PlanStep
{
    /// <summary>Place in the plan, from 0.</summary>
    public required int Index { get; init; }

    public required StepAction Action { get; init; }

    /// <summary>Empty for <see cref="StepAction.Record"/>.</summary>
    public string Component { get; init; } = "";

    /// <summary>The container acted on: an id when it exists already (ids survive renames), a name when the plan creates it.</summary>
    public string Container { get; init; } = "";

    /// <summary>For people: "stop hello-web (image v1)".</summary>
    public required string Description { get; init; }

    /// <summary>Why: "image v1 -> v2".</summary>
    public string Reason { get; init; } = "";

    /// <summary>Set on <see cref="StepAction.Create"/>.</summary>
    [JsonIgnore]
    public ContainerSpec? Spec { get; init; }

    /// <summary>Set on <see cref="StepAction.Pull"/>.</summary>
    public string? Image { get; init; }

    /// <summary>On <see cref="StepAction.Pull"/>: what was checked, and therefore must come of it. null: nothing was.</summary>
    public string? Digest { get; init; }

    /// <summary>The step is skipped when this holds; null: it is done in any case.</summary>
    public ImageCondition? Unless { get; init; }

    /// <summary>Set on <see cref="StepAction.Rename"/>: the name before and after.</summary>
    public (string From, string To)? Names { get; init; }

    /// <summary>Set on <see cref="StepAction.Verify"/>.</summary>
    [JsonIgnore]
    public HealthCheck? Health { get; init; }

    /// <summary>On <see cref="StepAction.Stop"/> how long the container may take, on <see cref="StepAction.Complete"/> how long the task
    /// may take, on <see cref="StepAction.Drain"/> how long it keeps running.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Set on <see cref="StepAction.Switch"/>: the component's routes as they are from then on.</summary>
    public ValueList<ServiceRoute> Routes { get; init; } = [];

    /// <summary>Indexes of the steps that have to be done before. The others may run in parallel.</summary>
    public ValueList<int> After { get; init; } = [];

    /// <param name="engine">podman or docker, for the equivalent command line.</param>
    public StepSummary Summarize(string engine) => new(
        Index, Component, Action.ToString().ToLowerInvariant(), Description, Reason, Spec is null ? "" : RunLine.For(Spec, engine))
    {
        After = After,
    };
}

/// <summary>That an image, once pulled, is a certain one.</summary>
/// <param name="ImageId">"sha256:...".</param>
public sealed record ImageCondition(string Reference, string ImageId);
