using System.Diagnostics;
using Mcp.Core.Collections;
using Mcp.Core.Containers;

namespace Mcp.Core.Tests.Containers;

public sealed class RunLineTests
{
    private static readonly ContainerSpec Full = new()
    {
        Name = "shop-web",
        Image = "registry.example:5000/shop/web:v1.2.0",
        Network = "shop",
        User = "0:0",
        RestartPolicy = "unless-stopped",
        Memory = 536_870_912,
        Ports = [new PortBinding("127.0.0.1", 10123, 10123), new PortBinding(null, 53, 5353, "udp"), new PortBinding("::1", 80, 8080)],
        Mounts = [
            new Mount("/srv/shop", "/data", ReadOnly: false), new Mount("certs", "/certs", ReadOnly: true),
            new Mount("/a", "/b", ReadOnly: true, "ro,z"), new Mount("/c", "/d", ReadOnly: true, "z")],
        Environment = ["PORT=10123", "PASSWORD=very secret", "FLAG"],
        Labels = new ValueMap([new("managed", "yes"), new("note", "two words")]),
        Command = ["serve", "--motto", "it's on"],
    };

    [Fact]
    public void For_FullSpec_HasEveryOptionInOrder() => Assert.Equal(
        "podman run -d --name shop-web --restart unless-stopped --network shop --user 0:0 --memory 512m"
        + " -p 127.0.0.1:10123:10123 -p 53:5353/udp -p '[::1]:80:8080'"
        + " -e PORT=10123 -e 'PASSWORD=very secret' -e FLAG"
        + " -v /srv/shop:/data -v certs:/certs:ro -v /a:/b:ro,z -v /c:/d:ro,z"
        + " --label managed=yes --label 'note=two words'"
        + @" registry.example:5000/shop/web:v1.2.0 serve --motto 'it'\''s on'",
        RunLine.For(Full, showSecrets: true));

    [Fact]
    public void For_ByDefault_HidesEnvironmentValues()
    {
        var line = RunLine.For(Full, "docker");

        Assert.StartsWith("docker run -d ", line, StringComparison.Ordinal);
        Assert.Contains(" -e PORT=*** -e PASSWORD=*** -e FLAG -v", line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    [Fact]
    public void For_BareSpec_IsShort() =>
        Assert.Equal(
            "podman run -d --name a --restart no b", RunLine.For(new ContainerSpec { Name = "a", Image = "b", RestartPolicy = "no" }));

    [Theory]
    [InlineData("plain-1.2_3/x:y=z@a%b+c,d")]
    [InlineData("")]
    [InlineData(" leading and trailing ")]
    [InlineData("it's")]
    [InlineData("''")]
    [InlineData("'")]
    [InlineData("\"double\" $HOME ${x} $(id) `id` \\ \\n")]
    [InlineData("* ? [a-z] ~ ! # & ; | < > ( ) { }")]
    [InlineData("~root")]
    [InlineData("a\nb\n")]
    [InlineData("tab\tcr\rbell\a")]
    [InlineData("Käse 🧀 日本")]
    [InlineData("-n")]
    [InlineData("%s %d \\x41")]
    public async Task Quote_AnyWord_IsOneAndTheSameWordForARealShell(string word) =>
        Assert.Equal($"<{word}><end>", await ShellAsync($"printf '<%s>' {RunLine.Quote(word)} end"));

    [Fact]
    public async Task For_NastySpec_SplitsIntoTheIntendedWordsInARealShell()
    {
        var spec = Full with
        {
            Environment = ["A=it's $HOME \"x\"\nline two", "B="],
            Labels = new ValueMap([new("k", "`id` \\")]),
            Command = ["sh", "-c", "echo \"$1\" && exit '3'", "", "*"],
            Mounts = [new Mount("/srv/my data", "/data", ReadOnly: true)],
            Ports = [],
        };

        var words = await ShellAsync("printf '<%s>' " + RunLine.For(spec, showSecrets: true));

        Assert.Equal(
            "<podman><run><-d><--name><shop-web><--restart><unless-stopped><--network><shop><--user><0:0><--memory><512m>"
            + "<-e><A=it's $HOME \"x\"\nline two><-e><B=><-v></srv/my data:/data:ro><--label><k=`id` \\>"
            + "<registry.example:5000/shop/web:v1.2.0><sh><-c><echo \"$1\" && exit '3'><><*>",
            words);
    }

    private static async Task<string> ShellAsync(string script)
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardOutput = true, StandardOutputEncoding = System.Text.Encoding.UTF8 };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        using var shell = Process.Start(start)!;
        var text = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return text;
    }
}
