using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Mcp.Core.Protocol;
using Mcp.Core.Status;
using Mcp.Testing;
using Mcp.V1;

namespace Mcp.Core.Tests.Protocol;

/// <summary>From a message with every field set to the record and back: a field that the mapping forgets fails here.</summary>
public sealed class RoundTripTests
{
    private static readonly Dictionary<MessageDescriptor, Func<IMessage, IMessage>> Mapped = new()
    {
        [V1.ServiceDefinition.Descriptor] = m => ((V1.ServiceDefinition)m).ToDefinition().ToWire(),
        [DeployRequest.Descriptor] = m => m is DeployRequest r ? r.ToOptions().ToWire(r.Definition.ToDefinition(), r.Component) : m,
        [OperationEvent.Descriptor] = m => ((OperationEvent)m).ToUpdate()!.ToWire(),
        [V1.ServiceSummary.Descriptor] = m => ((V1.ServiceSummary)m).ToSummary().ToWire(),
        [V1.ServiceStatus.Descriptor] = m => ((V1.ServiceStatus)m).ToStatus().ToWire(),
        [V1.NodeStatus.Descriptor] = m => ((V1.NodeStatus)m).ToStatus().ToWire(),
        [V1.Release.Descriptor] = m => ((V1.Release)m).ToRelease().ToWire(),
        [GetAuditRequest.Descriptor] = m => ((GetAuditRequest)m).ToRequest().ToWire(),
        [V1.AuditEntry.Descriptor] = m => ((V1.AuditEntry)m).ToEntry().ToWire(),
        [CancelOperationResponse.Descriptor] = m => ((CancelOperationResponse)m).ToCancelled().ToWire(),
        [VerifyAuditResponse.Descriptor] = m => ((VerifyAuditResponse)m).ToCheck().ToWire(),
        [GetStatusResponse.Descriptor] = m => ((GetStatusResponse)m).ToStatus().ToWire(),
        [V1.NodeImage.Descriptor] = m => ((V1.NodeImage)m).ToImage().ToWire(),
        [AddImageResponse.Descriptor] = m => ((AddImageResponse)m).ToAddition().ToWire(),
        [GetLogsRequest.Descriptor] = m => ((GetLogsRequest)m).ToRequest().ToWire(),
        [LogLine.Descriptor] = m => ((LogLine)m).ToEntry().ToWire(),
        [GetEventsRequest.Descriptor] = m => ((GetEventsRequest)m).ToRequest().ToWire(),
        [Event.Descriptor] = m => ((Event)m).ToEntry().ToWire(),
    };

    /// <summary>There is no record for these: client and agent set and read their few fields themselves. With each its fields, so that
    /// whoever adds one thinks of both.</summary>
    private static readonly Dictionary<string, string> Unmapped = new()
    {
        ["RollbackRequest"] = "service to wait force",
        ["UndeployRequest"] = "service component wait",
        ["ComponentsRequest"] = "service component wait",
        ["WatchOperationRequest"] = "operation_id",
        ["CancelOperationRequest"] = "service",
        ["VerifyAuditRequest"] = "expected_hash",
        ["ListServicesRequest"] = "",
        ["GetStatusRequest"] = "service",
        ["GetNodeStatusRequest"] = "",
        ["ListRoutesRequest"] = "service",
        ["ListReleasesRequest"] = "service",
        ["FindImagesRequest"] = "images",
        ["PlanResponse"] = "plan",
        ["ListServicesResponse"] = "services",
        ["ListRoutesResponse"] = "routes",
        ["ListReleasesResponse"] = "releases",
        ["FindImagesResponse"] = "images",
        ["FindLayersRequest"] = "layers",
        ["FindLayersResponse"] = "missing",
        ["SendLayerRequest"] = "header chunk",
        ["LayerHeader"] = "layer size",
        ["SendLayerResponse"] = "stored",
        ["AddImageRequest"] = "image config",
    };

    public static TheoryData<string, int> MappedInRounds
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var type in Mapped.Keys)
                for (var round = 0; round < 8; round++)
                    data.Add(type.Name, round);
            return data;
        }
    }

    public static TheoryData<string> MappedTypes => [.. Mapped.Keys.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(MappedInRounds))]
    public void Mapping_EveryFieldSet_ComesBackEqual(string type, int round) => ComesBackEqual(type, new FilledMessage(round));

    [Theory]
    [MemberData(nameof(MappedTypes))]
    public void Mapping_UnknownEnumValues_ComeBackEqual(string type)
    {
        // A line that is from neither stream is shown as one of stdout.
        if (type == nameof(LogLine))
            return;
        for (var round = 0; round < 4; round++)
            ComesBackEqual(type, new FilledMessage(round, enumNumber: 99));
    }

    [Fact]
    public void Messages_AllOfTheProtocol_AreMappedOrListed()
    {
        var reached = new HashSet<MessageDescriptor>();
        foreach (var type in Mapped.Keys)
            Reach(type, reached);
        var rest = AgentReflection.Descriptor.MessageTypes.Where(t => !reached.Contains(t)).ToDictionary(t => t.Name, Fields);

        Assert.Equal(Unmapped.OrderBy(u => u.Key, StringComparer.Ordinal), rest.OrderBy(r => r.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Enums_OfRecordsAndWire_HaveTheSameNames()
    {
        var maps = typeof(EnumWire).GetFields(BindingFlags.Static | BindingFlags.Public)
            .Select(f => f.FieldType.GetGenericArguments()).ToList();

        Assert.All(maps, map => Assert.Equal(
            Enum.GetNames(map[1]).Where(n => n != "Unspecified").Order(StringComparer.Ordinal),
            Enum.GetNames(map[0]).Where(n => n != nameof(Status.ObservedState.Unknown)).Order(StringComparer.Ordinal)));
        // A number that the wire may get later must not be a value that the record has already.
        Assert.All(maps, map => Assert.True(
            map[0].GetEnumValues().Cast<object>().Max(Convert.ToInt32) < map[1].GetEnumValues().Length));
        Assert.Equal(
            AgentReflection.Descriptor.EnumTypes.Select(e => e.Name).Where(n => n != nameof(LogStream)).Order(StringComparer.Ordinal),
            maps.Select(m => m[1].Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void StateText_ValueThatOnlyANewerAgentKnows_IsShownWithItsNumber()
    {
        var status = new V1.ComponentStatus { Observed = (V1.ObservedState)42 }.ToStatus();

        Assert.Equal("unknown (42)", StateText.Of(status.State));
        Assert.Equal("unknown", StateText.Of(status.Desired));
    }

    private static void ComesBackEqual(string type, FilledMessage filled)
    {
        var (descriptor, map) = Mapped.Single(m => m.Key.Name == type);
        var sent = filled.Of(descriptor);
        if (sent is OperationEvent { EventCase: OperationEvent.EventOneofCase.Waiting } waiting)
            waiting.OperationId = "";

        Assert.Equal(sent, map(descriptor.Parser.ParseFrom(sent.ToByteArray())));
    }

    private static void Reach(MessageDescriptor type, HashSet<MessageDescriptor> reached)
    {
        if (!reached.Add(type))
            return;
        foreach (var field in type.Fields.InDeclarationOrder().Where(f => f.FieldType == FieldType.Message))
            Reach(field.MessageType, reached);
    }

    private static string Fields(MessageDescriptor type) => string.Join(' ', type.Fields.InDeclarationOrder().Select(f => f.Name));
}
