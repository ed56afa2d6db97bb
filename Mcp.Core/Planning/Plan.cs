using Mcp.Core.Collections;
using Mcp.Core.Operations;

namespace Mcp.Core.Planning;

/// <summary>What an operation will do. Empty when everything is up to date.</summary>
public sealed record Plan(OperationKind Kind, string Service, ValueList<PlanStep> Steps, ValueList<string> Warnings)
{
    /// <summary>What happens to each component, in short.</summary>
    public ValueList<ComponentPlan> Components { get; init; } = [];

    /// <summary>The host ports that the components concerned have afterwards.</summary>
    public ValueList<AssignedPort> Ports { get; init; } = [];

    /// <summary><see cref="Components"/> with the equivalent command lines.</summary>
    /// <param name="engine">podman or docker.</param>
    public ValueList<ComponentPlan> DescribeComponents(string engine)
    {
        var created = Steps.Where(s => s.Action == StepAction.Create).ToLookup(s => s.Component, StringComparer.Ordinal);
        return Components.Select(c => c with { RunLine = created[c.Component].FirstOrDefault()?.Summarize(engine).RunLine ?? "" })
            .ToValueList();
    }

    public bool IsEmpty => Steps.Count == 0;
}
