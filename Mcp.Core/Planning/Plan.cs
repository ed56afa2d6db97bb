using Mcp.Core.Collections;
using Mcp.Core.Operations;

namespace Mcp.Core.Planning;

/// <summary>What an operation will do, in order. Empty when everything already is as it is wanted.</summary>
public sealed record Plan(OperationKind Kind, string Service, ValueList<PlanStep> Steps, ValueList<string> Warnings)
{
    public bool IsEmpty => Steps.Count == 0;
}
