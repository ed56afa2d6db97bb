using Mcp.Agent.Monitor;
using Microsoft.Extensions.Time.Testing;

namespace Mcp.Agent.Tests.Monitor;

public sealed class BusyServicesTests
{
    [Fact]
    public void Enter_Twice_StaysBusyUntilBothHaveLeft()
    {
        var time = new FakeTimeProvider();
        var busy = new BusyServices(time);
        var left = new List<string>();
        busy.Left += left.Add;
        var first = busy.Enter("s");
        var second = busy.Enter("s");

        first.Dispose();
        first.Dispose();
        Assert.True(busy.IsBusy("s"));
        Assert.Empty(left);

        second.Dispose();
        Assert.False(busy.IsBusy("s"));
        Assert.Equal(["s"], left);
    }

    [Fact]
    public void WasBusy_MomentBeforeTheOperationEnded_IsTrueAfterwardsToo()
    {
        var time = new FakeTimeProvider();
        var busy = new BusyServices(time);
        var before = time.GetUtcNow();
        using (busy.Enter("s"))
            time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(busy.WasBusy("s", before));
        Assert.False(busy.WasBusy("s", time.GetUtcNow()));
        Assert.False(busy.WasBusy("other", before));
    }
}
