using System.Reflection;
using Mcp.Agent.Registry;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;

namespace Mcp.Agent.Tests.Registry;

public sealed class StepJsonTests
{
    private static readonly PlanStep Full = new()
    {
        Index = 7,
        Action = StepAction.Switch,
        Component = "web",
        Container = "0123456789ab",
        Description = "switch routes of shop/web",
        Reason = "image v1 -> v2",
        Spec = new() { Name = "shop-web", Image = "web:v2", Environment = ["PASSWORD=s3cret"] },
        Image = "web:v2",
        Digest = "sha256:1",
        Unless = new("web:v2", "sha256:2"),
        Names = ("shop-web", "shop-web-old"),
        Health = new(new() { Exec = ["redis-cli", "-a", "s3cret"] }, []),
        Time = TimeSpan.FromMilliseconds(1500),
        Routes = [new("web", "", 443, RouteMode.L7, "www.example.com", 20001), new("web", "admin", 8443, RouteMode.L4, null, 20003)],
        After = [1, 2],
    };

    [Fact]
    public void Read_WhatWasWritten_IsTheStepWithoutWhatMayHoldSecrets()
    {
        // A property that somebody adds has to be filled here, too.
        Assert.All(typeof(PlanStep).GetProperties(BindingFlags.Public | BindingFlags.Instance), property =>
            Assert.NotNull(property.GetValue(Full)));

        var text = StepJson.Write(Full);

        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
        Assert.Equal(Full with { Spec = null, Health = null }, StepJson.Read("op", text));
    }

    [Fact]
    public void Read_StepOfAnotherVersion_PassesOverWhatItDoesNotKnow() =>
        Assert.Equal(
            new PlanStep { Index = 0, Action = StepAction.Stop, Container = "c", Description = "stop c" },
            StepJson.Read("op", """{"index":0,"action":"Stop","container":"c","description":"stop c","colour":"blue"}"""));

    [Fact]
    public void Read_TextThatIsNoStep_NamesTheOperation()
    {
        var refusal = Assert.Throws<AgentException>(() => StepJson.Read("op1", """{"index":0,"action":"Dance","description":""}"""));

        Assert.Contains("operation op1", refusal.Message, StringComparison.Ordinal);
    }
}
