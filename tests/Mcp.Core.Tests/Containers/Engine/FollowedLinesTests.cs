using Mcp.Core.Containers;
using Mcp.Core.Containers.Engine;

namespace Mcp.Core.Tests.Containers.Engine;

public sealed class FollowedLinesTests
{
    private static readonly DateTimeOffset Began = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Missing_NothingAfterwards_IsNothing() =>
        Assert.Empty(Missing([Out(1, "a"), Error(2, "b"), Out(2, "c")], [Out(1, "a"), Error(2, "b"), Out(2, "c")]));

    [Fact]
    public void Missing_LinesThatCameTooLate_AreThoseOfBothStreams() =>
        Assert.Equal(
            [Out(4, "d"), Error(5, "e")], Missing([Out(1, "a"), Error(3, "b")], [Out(1, "a"), Error(3, "b"), Out(4, "d"), Error(5, "e")]));

    [Fact]
    public void Missing_SeveralAtOneMoment_AreCounted() =>
        Assert.Equal([Out(1, "c")], Missing([Out(1, "a"), Out(1, "a")], [Out(1, "a"), Out(1, "a"), Out(1, "c")]));

    [Fact]
    public void Missing_AStreamThatWasSilent_IsGivenWhole() =>
        Assert.Equal([Error(2, "why")], Missing([Out(1, "a")], [Out(1, "a"), Error(2, "why")]));

    [Fact]
    public void Since_NothingFollowed_IsTheBeginning() => Assert.Equal(Began.AddTicks(-1), new FollowedLines(Began).Since);

    [Fact]
    public void Since_BothStreams_IsTheOneThatIsBehind()
    {
        var followed = new FollowedLines(Began);
        followed.Add(Out(7, "a"));
        followed.Add(Error(3, "b"));

        Assert.Equal(Began.AddSeconds(3).AddTicks(-1), followed.Since);
    }

    private static IEnumerable<ContainerLogLine> Missing(ContainerLogLine[] given, ContainerLogLine[] rest)
    {
        var followed = new FollowedLines(Began);
        foreach (var line in given)
            followed.Add(line);
        return followed.Missing(rest);
    }

    private static ContainerLogLine Out(int second, string text) => new(Began.AddSeconds(second), IsError: false, text);

    private static ContainerLogLine Error(int second, string text) => new(Began.AddSeconds(second), IsError: true, text);
}
