using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.EndToEnd.Faults;

/// <summary>One service that is taken through a list of points at which its agent is killed, one after the other.</summary>
/// <param name="shape">Its definition in a version.</param>
internal abstract class CrashLane(FaultNode node, string service, Func<string, int, ServiceDefinition> shape)
{
    private readonly Queue<(StepSummary Step, string Moment)> _points = [];
    private (StepSummary Step, string Moment) _point;
    private WatchedOperation _operation = null!;
    private int _record;

    protected FaultNode Node => node;

    protected string Service => service;

    /// <summary>The version that is deployed.</summary>
    protected int Version { get; set; }

    protected abstract string Verb { get; }

    public bool HasNext => _points.Count > 0;

    protected ServiceDefinition Definition(int version) => shape(service, version);

    /// <summary>Deploys, and takes from the plan where to kill.</summary>
    /// <param name="share">Which of the points are this lane's: the n-th of so many lanes of the same kind.</param>
    public async Task PrepareAsync(int share = 0, int shares = 1)
    {
        await node.DeployWellAsync(Definition(Version = 1));
        var steps = await PlanAsync();
        _record = steps.Single(s => s.Action == "record").Index;
        var points = steps.SelectMany(s => (IEnumerable<(StepSummary, string)>)[(s, "before"), (s, "after")]).ToList();
        for (var i = share; i < points.Count; i += shares)
            _points.Enqueue(points[i]);
    }

    /// <summary>Returns when the operation has come to the next point.</summary>
    public async Task BeginAsync()
    {
        _point = _points.Dequeue();
        var held = await node.Agent.HoldAsync($"{service} {_point.Moment} {_point.Step.Index}");
        _operation = await StartAsync();
        var ended = _operation.EndAsync();
        if (await Task.WhenAny(held, ended) == ended)
            throw new InvalidOperationException(
                $"{service} did not come to {_point.Moment} {_point.Step.Description}: {(await ended).Message}");
        await held;
    }

    /// <summary>Once the agent has been started again: waits for the end that the client is told, and looks.</summary>
    public async Task SettleAsync(FaultTable table)
    {
        var recorded = _point.Step.Index > _record || (_point.Step.Index == _record && _point.Moment == "after");
        var (expected, outcome, told) = Expect(recorded);
        var ended = await _operation.EndAsync();
        var observed = Observe(await Standing.OfAsync(node, Definition(Version)));
        if (ended.Outcome != outcome || !ended.Message.Contains(told, StringComparison.Ordinal))
            observed += $"; the client was told {ended.Outcome}: {ended.Message}";

        // And a new deploy works.
        var again = await (await node.DeployAsync(Definition(++Version))).EndAsync();
        if (again.Outcome != OperationOutcome.Succeeded)
            observed += $"; the next deploy ended as {again.Outcome}: {again.Message}";
        var after = await Standing.OfAsync(node, Definition(Version));
        if (!after.IsSound || after.Serves != $"v{Version}")
            observed += $"; after the next deploy {after}";
        table.Add(
            $"{Verb} {_point.Step.Index,2} of {service}, {_point.Moment} {_point.Step.Action}: {Generic(_point.Step.Description)}",
            expected, observed);
    }

    protected abstract Task<IReadOnlyList<StepSummary>> PlanAsync();

    protected abstract Task<WatchedOperation> StartAsync();

    /// <summary>What ought to stand, and what the client ought to be told.</summary>
    protected abstract (string Standing, OperationOutcome Outcome, string Told) Expect(bool recorded);

    protected virtual string Observe(Standing standing) => $"{standing}";

    /// <summary>Without what differs from run to run.</summary>
    private static string Generic(string description) =>
        System.Text.RegularExpressions.Regex.Replace(description, "-[0-9]{12}[0-9a-f]{8}|host port [0-9]+ to [0-9]+", "").TrimEnd();
}

/// <summary>Deploys of the next version.</summary>
internal sealed class DeployLane(FaultNode node, string service, Func<string, int, ServiceDefinition> shape)
    : CrashLane(node, service, shape)
{
    private int _old;

    protected override string Verb => "deploy";

    protected override async Task<IReadOnlyList<StepSummary>> PlanAsync() =>
        (await Node.Client.PlanAsync(
            Definition(Version + 1), null, Mcp.Core.Planning.OperationOptions.Default, CancellationToken.None)).Steps;

    protected override Task<WatchedOperation> StartAsync()
    {
        _old = Version++;
        return Node.DeployAsync(Definition(Version));
    }

    protected override (string Standing, OperationOutcome Outcome, string Told) Expect(bool recorded) =>
        recorded
            ? ("new serves", OperationOutcome.Succeeded, "resumed and finished")
            : ("old serves", OperationOutcome.RolledBack, "interrupted");

    protected override string Observe(Standing standing) =>
        $"{standing with { Serves = standing.Serves == $"v{_old}" ? "old" : standing.Serves == $"v{Version}" ? "new" : standing.Serves }}";
}

/// <summary>Restarts of what is deployed.</summary>
internal sealed class RestartLane(FaultNode node, string service, Func<string, int, ServiceDefinition> shape)
    : CrashLane(node, service, shape)
{
    protected override string Verb => "restart";

    protected override async Task<IReadOnlyList<StepSummary>> PlanAsync()
    {
        var once = await StartAsync();
        await once.EndAsync();
        return once.Plan.Steps;
    }

    protected override Task<WatchedOperation> StartAsync() =>
        WatchedOperation.FollowAsync(
            Node.Client.RunAsync(OperationKind.Restart, Service, null, OperationOptions.Default, CancellationToken.None));

    protected override (string Standing, OperationOutcome Outcome, string Told) Expect(bool recorded) =>
        ("the same serves", OperationOutcome.Succeeded, "interrupted");

    protected override string Observe(Standing standing) =>
        $"{standing with { Serves = standing.Serves == $"v{Version}" ? "the same" : standing.Serves }}";
}

/// <summary>Undeploys; each is followed by a deploy.</summary>
internal sealed class UndeployLane(FaultNode node, string service, Func<string, int, ServiceDefinition> shape)
    : CrashLane(node, service, shape)
{
    protected override string Verb => "undeploy";

    protected override async Task<IReadOnlyList<StepSummary>> PlanAsync()
    {
        var once = await StartAsync();
        await once.EndAsync();
        await Node.DeployWellAsync(Definition(++Version));
        return once.Plan.Steps;
    }

    protected override Task<WatchedOperation> StartAsync() =>
        WatchedOperation.FollowAsync(
            Node.Client.RunAsync(OperationKind.Undeploy, Service, null, OperationOptions.Default, CancellationToken.None));

    protected override (string Standing, OperationOutcome Outcome, string Told) Expect(bool recorded) =>
        ("nothing serves", OperationOutcome.Succeeded, "interrupted");
}
