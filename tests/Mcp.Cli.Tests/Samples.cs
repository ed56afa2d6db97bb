using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Status;

namespace Mcp.Cli.Tests;

/// <summary>What agents answer in these tests.</summary>
internal static class Samples
{
    public static readonly ComponentStatus Web = new()
    {
        Service = "hello", Component = "web", Container = "hello-web", ContainerId = "abc123", Image = "localhost/hello:v1", Version = "v1",
        Desired = DesiredState.Running, State = ObservedState.Running, StartedAt = CliFixture.Now.AddMinutes(-5), RestartCount = 1,
        Ports = ["127.0.0.1:31022->31022/tcp", "0.0.0.0:8080->80/tcp"],
        Routes = [
            new() { Service = "hello", Component = "web", Name = "http", Port = 8443, Mode = RouteMode.L7, Hostname = "hello.example",
                HostPort = 31022 }],
    };

    public static readonly ComponentStatus Worker = new()
    {
        Service = "hello", Component = "worker", Container = "hello-worker", Image = "localhost/worker:v2", Version = "v2",
        Desired = DesiredState.Running, State = ObservedState.Exited, ExitCode = 1, FinishedAt = CliFixture.Now.AddHours(-2),
        DriftSince = CliFixture.Now.AddHours(-2),
    };

    public static readonly ServiceStatus Hello = new()
    {
        Name = "hello", Active = true, DeployedAt = CliFixture.Now.AddDays(-3), DeployedBy = "ada", Components = [Web, Worker],
    };

    public static readonly OperationPlanned Plan = new(
        "op1", CliFixture.Now, OperationKind.Deploy, "hello",
        [
            new(0, "web", "pull", "pull localhost/hello:v1", "image v0 -> v1", ""),
            new(1, "web", "create", "create hello-web", "", "podman run --name hello-web localhost/hello:v1"),
        ],
        ["the image has no fixed version"]);

    public static StepProgressed Step(int index, StepState state, string message = "", double seconds = 1.5) =>
        new("op1", CliFixture.Now, index, state, message, TimeSpan.FromSeconds(seconds));

    public static OperationEnded End(
        OperationOutcome outcome = OperationOutcome.Succeeded, string message = "", string remedy = "", string errorId = "") =>
        new("op1", CliFixture.Now, outcome, message, remedy, errorId, outcome == OperationOutcome.Succeeded ? [Web] : [],
            TimeSpan.FromSeconds(3));
}
