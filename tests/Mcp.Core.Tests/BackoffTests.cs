namespace Mcp.Core.Tests;

public sealed class BackoffTests
{
    [Fact]
    public async Task Wait_AgainAndAgain_DoublesUpToTheLimitUntilReset()
    {
        var pause = new Backoff(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5), TimeProvider.System);
        var pauses = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            pauses.Add(pause.Next.TotalMilliseconds);
            await pause.WaitAsync(default);
        }
        pause.Reset();

        Assert.Equal([1, 2, 4, 5, 5], pauses);
        Assert.Equal(TimeSpan.FromMilliseconds(1), pause.Next);
    }
}
