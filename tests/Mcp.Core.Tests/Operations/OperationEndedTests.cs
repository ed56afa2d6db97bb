using Mcp.Core.Operations;

namespace Mcp.Core.Tests.Operations;

public sealed class OperationEndedTests
{
    [Theory]
    [InlineData(OperationOutcome.Failed, "disk is full.", "disk-full", "disk is full")]
    [InlineData(OperationOutcome.Failed, "", "", "the operation failed")]
    [InlineData(OperationOutcome.RolledBack, "no such image", "image-not-found", "no such image; what ran before runs again")]
    [InlineData(OperationOutcome.RolledBack, "web ended; its last lines:\n  column is missing", "container-failed", "web ended; its last lines:\n  column is missing\nwhat ran before runs again")]
    [InlineData(OperationOutcome.RolledBack, "interrupted; what was deployed before runs again", "interrupted", "interrupted; what was deployed before runs again")]
    public void DescribeFailure_OfEachKind_SaysWhatFailedAndWhatRunsNow(OperationOutcome outcome, string message, string id, string expected) =>
        Assert.Equal(expected, new OperationEnded("op", DateTimeOffset.UnixEpoch, outcome, message, "", id, [], TimeSpan.Zero).DescribeFailure());

    [Fact]
    public void StateText_OfAnOutcome_IsWords() =>
        Assert.Equal(["running", "succeeded", "failed", "rolled back"], Enum.GetValues<ReleaseOutcome>().Select(StateText.Of));
}
