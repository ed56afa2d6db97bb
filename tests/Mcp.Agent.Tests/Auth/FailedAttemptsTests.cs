using Mcp.Agent.Auth;
using Microsoft.Extensions.Time.Testing;

namespace Mcp.Agent.Tests.Auth;

public sealed class FailedAttemptsTests
{
    [Fact]
    public void ShouldNote_ManyFromOneAddress_AFewPerMinuteWhateverThePort()
    {
        var time = new FakeTimeProvider();
        var attempts = new FailedAttempts(time);
        var logged = Enumerable.Range(0, 100).Count(i => attempts.ShouldNote(FailedAttempts.OfPeer($"ipv4:10.0.0.1:{40000 + i}"), out _));
        Assert.Equal(5, logged);
        Assert.True(attempts.ShouldNote(FailedAttempts.OfPeer("ipv4:10.0.0.2:40000"), out _));

        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(attempts.ShouldNote(FailedAttempts.OfPeer("ipv4:10.0.0.1:50000"), out var more));
        Assert.Equal(95, more);
    }

    [Fact]
    public void ShouldNote_OfATokenThatNamesAnAddress_CountsApartFromThatAddress()
    {
        var attempts = new FailedAttempts(new FakeTimeProvider());
        Assert.Equal(20, Enumerable.Range(0, 100).Count(_ => attempts.ShouldNote(FailedAttempts.OfToken("ipv4:10.0.0.1"), out var _)));
        Assert.True(attempts.ShouldNote(FailedAttempts.OfPeer("ipv4:10.0.0.1:1"), out _));
    }

    [Fact]
    public void ShouldNote_FromVeryManyAddresses_IsBounded()
    {
        var attempts = new FailedAttempts(new FakeTimeProvider());
        var logged = Enumerable.Range(0, 5000).Count(i => attempts.ShouldNote(FailedAttempts.OfPeer($"ipv6:[2001:db8::{i:x}]:1"), out _));
        Assert.Equal(1000, logged);
    }
}
