using Mcp.Core.Client;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;

namespace Mcp.Core.Tests.Operations;

public sealed class OperationStateTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly StepSummary Pull = new(0, "web", "pull", "pull app:v2", "image v1 -> v2", "");
    private static readonly StepSummary Create = new(1, "web", "create", "create app-web", "", "podman run app:v2");
    private static readonly OperationPlanned Plan =
        new("op1", At, OperationKind.Deploy, "app", [Pull, Create], ["app:latest has no version"]) { Release = 3 };
    private static readonly OperationPlanned Nothing = Plan with { Steps = [], Release = null };
    private static readonly OperationWaiting Locked = new(At, "ada", OperationKind.Deploy, "op0", At.AddMinutes(-2));

    [Fact]
    public void After_EachUpdateOfADeploy_KeepsWhatItCameTo()
    {
        var image =
            new ImageResult { Service = "app", Image = "app:v2", ImageId = "sha256:1", Size = 1, Layers = 1, LayersReused = 0,
                Duration = default };
        var state = Read(
            new ImagesPlanned(At, "app", [], ["tag moved"]), new ImageReady(At, image), Locked, Plan,
            Step(0, StepState.Running, "40 %"), Step(0, StepState.Done), Step(1, StepState.Running), Ended(OperationOutcome.Succeeded));

        Assert.Equal(("op1", OperationOutcome.Succeeded, false), (state.OperationId, state.Outcome, state.IsUpToDate));
        Assert.Equal(
            [new OperationStep(Pull, StepState.Done, "", TimeSpan.FromSeconds(1)),
                new(Create, StepState.Running, "", TimeSpan.FromSeconds(1))], state.Steps);
        Assert.Equal(["tag moved", "app:latest has no version"], state.Warnings);
        Assert.Equal(image, Assert.Single(state.Images));
        Assert.Null(state.Waiting);
        Assert.Null(state.Failure);
    }

    [Fact]
    public void After_Waiting_IsOverWithTheNextUpdateOfTheOperation()
    {
        Assert.Equal(
            "locked by ada since 11:58:00 (deploy, operation op0)", OperationText.LockedBy(Read(Locked).Waiting!, TimeZoneInfo.Utc));
        Assert.NotNull(Read(Locked, new ImagePrinted(At, "app:v2", ImagePhase.Build, "STEP 1")).Waiting);
        Assert.Null(Read(Locked, Plan).Waiting);
    }

    [Fact]
    public void After_ImageWork_IsKnownUntilTheOperationReports()
    {
        var progress = new ImageProgressed(At, "app:v2", ImagePhase.Build, StepState.Running, "step 2/5", default);

        Assert.Equal(
            "building app:v2, step 2/5",
            ImageText.Running(Read(progress, new ImagePrinted(At, "app:v2", ImagePhase.Build, "line")).Image!));
        Assert.Null(Read(progress, Plan).Image);
    }

    [Fact]
    public void StepOf_AStepThatThePlanLacks_IsKnownByItsNumber() =>
        Assert.Equal(
            ("step 7", "step 7", true),
            (Read(Plan).StepOf(Step(7, StepState.Done)).Text, Read().StepOf(Step(7, StepState.Running)).RunningText,
                Read(Plan).StepOf(Step(7, StepState.Done)).IsOver));

    [Fact]
    public void Step_AsText_NamesReasonComponentAndProgress() =>
        Assert.Equal(
            ("pull app:v2 (image v1 -> v2)", "web: pull app:v2, 40 %"),
            (new OperationStep(Pull).Text, new OperationStep(Pull, StepState.Running, "40 %").RunningText));

    public static TheoryData<string, OperationPlanned?, string?> Summaries => new()
    {
        { "Deployed app to one as release 3", Plan, null },
        { "Deployed app/web to one as release 3", Plan, "app/web" },
        { "app on one is up to date", Nothing, null },
        { "app on one is up to date with release 2", Nothing with { Kind = OperationKind.Rollback, RollbackOf = 2 }, null },
        { "Rolled back app on one to release 2 as release 3", Plan with { Kind = OperationKind.Rollback, RollbackOf = 2 }, null },
        { "Removed app from one", Plan with { Kind = OperationKind.Undeploy, Release = null }, null },
        { "Restarted app/web on one", Plan with { Kind = OperationKind.Restart, Release = null }, "app/web" },
        { "Done on one", null, null },
    };

    [Theory]
    [MemberData(nameof(Summaries))]
    public void Summary_OfWhatSucceeded_SaysWhatWasDone(string expected, OperationPlanned? plan, string? target)
    {
        var updates = plan is null
            ? [Ended(OperationOutcome.Succeeded)]
            : new OperationUpdate[] { plan, Ended(OperationOutcome.Succeeded) };

        Assert.Equal(expected, updates.Aggregate(new OperationState("one", target), (s, u) => s.After(u)).Summary);
    }

    [Theory]
    [InlineData(OperationOutcome.Failed, "disk is full.", "disk-full", "disk is full")]
    [InlineData(OperationOutcome.Failed, "", "", "the operation failed")]
    [InlineData(OperationOutcome.RolledBack, "no such image", "image-not-found", "no such image; the previous version was restored")]
    [InlineData(
        OperationOutcome.RolledBack, "web ended; its last lines:\n  column is missing", "container-failed",
        "web ended; its last lines:\n  column is missing\nthe previous version was restored")]
    [InlineData(
        OperationOutcome.RolledBack, "interrupted; the previous version was restored", "interrupted",
        "interrupted; the previous version was restored")]
    public void Failure_OfEachKind_SaysWhatFailedAndWhatRunsNow(OperationOutcome outcome, string message, string id, string expected)
    {
        var failure = Read(Plan, Ended(outcome, message, id)).Failure!;

        Assert.Equal((expected, id.Length > 0 ? id : "operation-failed", "see the logs"), (failure.Message, failure.Id, failure.Remedy));
        Assert.Equal(message.Contains('\n') ? ["column is missing"] : ValueList<string>.Empty, failure.LogTail);
    }

    [Fact]
    public void Failure_OfAFirstDeploy_SaysThatNothingWasRunning()
    {
        var first = Plan with { Components = [new("web", ComponentChange.Create, "new"), new("migrate", ComponentChange.Run, "new")] };
        var next = first with { Components = [.. first.Components, new("db", ComponentChange.Unchanged, "unchanged: skipped")] };

        Assert.Equal("no; rolled back: nothing was running before", Read(first, Ended(OperationOutcome.RolledBack, "no")).Failure!.Message);
        Assert.Equal("no; the previous version was restored", Read(next, Ended(OperationOutcome.RolledBack, "no")).Failure!.Message);
    }

    [Fact]
    public void Failure_WithoutAnEnd_IsThatThereWasNoResult()
    {
        Assert.Equal((OperationFailure.NoResult, OperationOutcome.Failed), (Read(Plan).Failure, Read(Plan).Outcome));
        Assert.False(Read(Nothing).IsUpToDate);
    }

    [Theory]
    [InlineData("image-not-found", ErrorKind.NotFound)]
    [InlineData("port-taken", ErrorKind.Conflict)]
    [InlineData("container-failed", ErrorKind.OperationFailed)]
    [InlineData("no-result", ErrorKind.Internal)]
    public void ToException_OfAFailure_HasItsKindAndNode(string id, ErrorKind expected)
    {
        var error = new OperationFailure(id, "no", "fix it").ToException("one");
        Assert.Equal((expected, id, "no", "fix it", "one"), (error.Kind, error.Id, error.Message, error.Remedy, error.Node));
    }

    [Theory]
    [InlineData("web ended; its last lines:\n  column is missing", "web ended")]
    [InlineData("  no such image\nmore", "no such image")]
    [InlineData("its last lines:", "its last lines:")]
    public void FirstLine_OfAMessage_LeavesOutTheLogTailAndItsAnnouncement(string message, string expected) =>
        Assert.Equal(expected, OperationFailure.FirstLine(message));

    [Fact]
    public void StateText_OfAnOutcome_IsTheOneSpelling() =>
        Assert.Equal(["running", "succeeded", "failed", "rolled-back"], Enum.GetValues<ReleaseOutcome>().Select(StateText.Of));

    [Fact]
    public void Component_AsText_SaysChangeReasonAndStrategy()
    {
        var replaced = new ComponentPlan("web", ComponentChange.Replace, "image v1 -> v2", DeployStrategy.StopFirst, "fixed port 80");

        Assert.Equal(
            ("replace: image v1 -> v2", "stop-first: fixed port 80"), (OperationText.Of(replaced), OperationText.Strategy(replaced)));
        Assert.Equal("run once: new", OperationText.Of(new ComponentPlan("migrate", ComponentChange.Run, "new")));
        Assert.Equal("unchanged: skipped", OperationText.Of(new ComponentPlan("db", ComponentChange.Unchanged, "unchanged: skipped")));
    }

    private static OperationState Read(params OperationUpdate[] updates) =>
        updates.Aggregate(new OperationState("one"), (state, update) => state.After(update));

    private static StepProgressed Step(int index, StepState state, string message = "") =>
        new("op1", At, index, state, message, TimeSpan.FromSeconds(1));

    private static OperationEnded Ended(OperationOutcome outcome, string message = "", string id = "") =>
        new("op1", At, outcome, message, outcome == OperationOutcome.Succeeded ? "" : "see the logs", id, [], TimeSpan.FromSeconds(3));
}
