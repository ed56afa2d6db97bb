using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Status;

namespace Mcp.Agent.Registry;

internal sealed class ReleaseImageRow
{
    public int Number { get; init; }
    public string Component { get; init; } = "";
    public string Reference { get; init; } = "";
    public string ImageId { get; init; } = "";
    public string Digest { get; init; } = "";
}

internal sealed class ReleaseRow
{
    public int Number { get; init; }
    public string Operation { get; init; } = "";
    public string Kind { get; init; } = "";
    public int? RollbackOf { get; init; }
    public string? Component { get; init; }
    public string Actor { get; init; } = "";
    public string Definition { get; init; } = "";
    public string StartedAt { get; init; } = "";
    public string? EndedAt { get; init; }
    public string Outcome { get; init; } = "";
    public string Message { get; init; } = "";

    public StoredRelease ToRelease(string service, IReadOnlyList<ReleaseImageRow> images, bool current) => new(
        new()
        {
            Service = service,
            Number = Number,
            OperationId = Operation,
            Kind = StoredText.Value<OperationKind>(Kind),
            RollbackOf = RollbackOf,
            Component = Component,
            Actor = Actor,
            StartedAt = StoredText.Time(StartedAt),
            EndedAt = EndedAt is null ? null : StoredText.Time(EndedAt),
            Outcome = StoredText.Value<ReleaseOutcome>(Outcome),
            Message = Message,
            Current = current,
            Images = images.Select(i => new ReleaseImage(i.Component, i.Reference, i.Digest)).ToValueList(),
            Definition = Read(service),
        },
        new ValueMap(images.Select(i => KeyValuePair.Create(i.Component, i.ImageId))));

    private ServiceDefinition Read(string service) =>
        DefinitionReader.Read(Definition, null).Definition
        ?? throw new AgentException(AgentError.RegistryCorrupt, $"the definition of release {Number} of {service} can't be read any more", "deploy the service from its file");
}
