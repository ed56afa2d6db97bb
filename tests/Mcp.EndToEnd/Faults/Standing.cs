using System.Diagnostics;
using Mcp.Agent.Registry;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;
using Microsoft.Data.Sqlite;

namespace Mcp.EndToEnd.Faults;

/// <summary>How a service stands once the dust has settled, and what is wrong with that.</summary>
/// <param name="Serves">"v3", or "nothing".</param>
internal sealed record Standing(string Serves, IReadOnlyList<string> Problems)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public bool IsSound => Problems.Count == 0;

    /// <summary>Everything of it is wanted stopped.</summary>
    public bool IsStopped { get; init; }

    public override string ToString() =>
        IsSound ? $"{Serves} {(IsStopped ? "is stopped" : "serves")}" : $"{Serves}, and {string.Join("; ", Problems)}";

    /// <param name="shape">Any version of what is deployed; only its components' names and kinds count.</param>
    public static async Task<Standing> OfAsync(FaultNode node, ServiceDefinition shape)
    {
        var problems = new List<string>();
        var containers = await node.Engine.Runtime.ListAsync(
            new Dictionary<string, string> { [ContainerLabels.Managed] = "true", [ContainerLabels.Service] = shape.Name }, default);
        await using var database = new SqliteConnection($"Data Source={node.Database};Mode=ReadWrite;Pooling=False;Default Timeout=5");
        await database.OpenAsync();
        Rows(database, shape.Name, problems);
        // A rollback runs no tasks: theirs is what the newer release left.
        var rolledBack = database.Text(
            "SELECT kind FROM releases WHERE service = @name AND outcome = 'succeeded' ORDER BY number DESC LIMIT 1",
            ("name", shape.Name)) == "rollback";
        var versions = containers.Where(c => !rolledBack || !IsTask(shape, c.Labels.GetValueOrDefault(ContainerLabels.Component)))
            .Select(VersionOf).Distinct().ToList();
        if (ServiceRows.Read(database, shape.Name) is not [var recorded])
        {
            problems.AddRange(containers.Select(c => $"container {c.Name} ({c.State}) of a service that is not deployed"));
            if (database.Number("SELECT count(*) FROM component_routes WHERE service = @name", ("name", shape.Name)) > 0)
                problems.Add("routes of a service that is not deployed");
            return new("nothing", problems);
        }

        if (versions.Count > 1)
            problems.Add($"mixed versions: {string.Join(", ", containers.Select(c => $"{c.Name} {VersionOf(c)}"))}");
        var stored = recorded.Definition.Components.Where(c => !rolledBack || !IsTask(shape, c.Name))
            .SelectMany(c => c.Environment).Select(e => e["SERVED=".Length..]).Distinct().ToList();
        if (!stored.SequenceEqual(versions))
            problems.Add($"the registry database has {string.Join(",", stored)}, and {string.Join(",", versions)} runs");
        var names = shape.Components.Select(c => ContainerName.For(shape.Name, c.Name)).ToHashSet();
        problems.AddRange(containers.Where(c => !names.Contains(c.Name)).Select(c => $"orphan {c.Name} ({c.State})"));
        foreach (var component in shape.Components)
            await ComponentAsync(database, shape.Name, component, containers, problems);
        return new(versions.Count == 1 ? versions[0] : "nothing whole", problems) { IsStopped = WantedStopped(database, shape.Name) };
    }

    /// <summary>Waits until the service's first published port answers as it should, whatever the registry database says; what it
    /// answers, if it never does.</summary>
    public static async Task<string> ServedAsync(FaultNode node, ServiceDefinition shape, string wanted)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var containers =
                await node.Engine.Runtime.ListAsync(new Dictionary<string, string> { [ContainerLabels.Service] = shape.Name }, default);
            var up = containers.FirstOrDefault(c => c.IsUp && c.Ports.Count > 0);
            var answer = up is null ? "nothing" : await AnswerAsync(up.Ports[0].HostPort);
            if (answer == wanted || clock.Elapsed > TimeSpan.FromSeconds(60))
                return answer;
            await Task.Delay(50);
        }
    }

    private static bool WantedStopped(SqliteConnection database, string service) =>
        database.Number("SELECT count(*) FROM components WHERE service = @service AND desired = 'running'", ("service", service)) == 0;

    private static void Rows(SqliteConnection database, string service, List<string> problems)
    {
        foreach (var (what, sql) in ((string, string)[])
            [
                ("open operation", "SELECT count(*) FROM operations WHERE ended_at IS NULL AND service = @service"),
                ("journal step",
                    "SELECT count(*) FROM operation_steps s JOIN operations o ON o.id = s.operation WHERE o.service = @service"),
                ("release without outcome",
                    "SELECT count(*) FROM releases WHERE (outcome = 'running' OR ended_at IS NULL) AND service = @service"),
                ("operation without outcome", "SELECT count(*) FROM operations WHERE outcome IS NULL AND service = @service"),
            ])
            if (database.Number(sql, ("service", service)) is > 0 and var count)
                problems.Add($"{count} {what}(s)");
    }

    private static async Task ComponentAsync(
        SqliteConnection database, string service, ComponentDefinition component, IReadOnlyList<ContainerInfo> containers,
        List<string> problems)
    {
        var name = ContainerName.For(service, component.Name);
        if (containers.FirstOrDefault(c => c.Name == name) is not { } container)
        {
            problems.Add($"{name} is not there");
            return;
        }
        var stopped = WantedStopped(database, service);
        var good = stopped
            ? !container.IsUp
            : component.Kind == ComponentKind.Task
            ? container is { State: ContainerState.Exited, ExitCode: 0 }
            : container.State == ContainerState.Running;
        if (!good)
            problems.Add($"{name} is {container.State} (exit code {container.ExitCode})");
        var rows = database.Query(
            "SELECT host_port FROM component_routes WHERE service = @service AND component = @name", row => row.GetInt32(0),
            ("service", service), ("name", component.Name)).Order().ToList();
        var held = container.Ports.Select(p => p.HostPort).Order().ToList();
        if (!rows.SequenceEqual(held))
            problems.Add($"{name} has host ports {string.Join(",", held)}, the registry database {string.Join(",", rows)}");
        foreach (var port in component.Kind == ComponentKind.Task || stopped ? [] : rows)
            if (await AnswerAsync(port) is var answer && answer != VersionOf(container))
                problems.Add($"{name} answers '{answer}' on {port} instead of {VersionOf(container)}");
    }

    private static async Task<string> AnswerAsync(int port)
    {
        try
        {
            return await Http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return e.Message;
        }
    }

    private static bool IsTask(ServiceDefinition shape, string? component) =>
        shape.Components.Any(c => c.Kind == ComponentKind.Task && c.Name == component);

    private static string VersionOf(ContainerInfo container) =>
        container.Environment.FirstOrDefault(e => e.StartsWith("SERVED=", StringComparison.Ordinal))?["SERVED=".Length..] ?? "?";
}
