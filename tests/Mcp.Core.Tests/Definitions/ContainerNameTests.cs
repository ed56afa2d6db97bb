using Mcp.Core.Definitions;

namespace Mcp.Core.Tests.Definitions;

public sealed class ContainerNameTests
{
    [Theory]
    [InlineData("mc-proxy", "mc-proxy", "mc-proxy")]
    [InlineData("mc-proxy", "web", "mc-proxy-web")]
    [InlineData("mc", "proxy", "mc-proxy")]
    [InlineData("a", "a", "a")]
    public void For_ServiceAndComponent_GivesTheName(string service, string component, string expected) =>
        Assert.Equal(expected, ContainerName.For(service, component));

    [Theory]
    [InlineData("mc-proxy", "mc,mc-proxy", "mc-proxy", "mc-proxy")]
    [InlineData("mc-proxy", "mc-proxy,mc", "mc-proxy", "mc-proxy")]
    [InlineData("mc-proxy", "mc", "mc", "proxy")]
    [InlineData("mc-proxy", "", "mc", "proxy")]
    [InlineData("mc-proxy-web", "mc,mc-proxy", "mc-proxy", "web")]
    [InlineData("mc-proxy-web", "mc", "mc", "proxy-web")]
    [InlineData("mc-proxyx", "mc-proxy", "mc", "proxyx")]
    [InlineData("mc-proxy-", "mc-proxy", "mc", "proxy-")]
    [InlineData("a-b-c", "", "a", "b-c")]
    [InlineData("hello", "", "hello", "hello")]
    [InlineData("hello", "hello", "hello", "hello")]
    [InlineData("-x", "", "-x", "-x")]
    [InlineData("x-", "", "x-", "x-")]
    [InlineData("", "a", "", "")]
    public void Split_Name_AsksKnownServicesFirst(string container, string known, string service, string component) =>
        Assert.Equal((service, component), ContainerName.Split(container, known.Split(',')));

    [Theory]
    [InlineData("mc-proxy", "mc-proxy")]
    [InlineData("mc-proxy", "api")]
    [InlineData("mc", "proxy-api")]
    [InlineData("web", "web-1")]
    public void Split_NameOfKnownService_GivesBackWhatItWasMadeOf(string service, string component) =>
        Assert.Equal((service, component), ContainerName.Split(ContainerName.For(service, component), [service]));
}
