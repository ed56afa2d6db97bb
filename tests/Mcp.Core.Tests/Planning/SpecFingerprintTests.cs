using System.Globalization;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;

namespace Mcp.Core.Tests.Planning;

/// <summary>The values here are in the labels of containers that run: a change that fails one of these tests replaces them all.</summary>
public sealed class SpecFingerprintTests
{
    private static readonly ContainerSpec Minimal = SpecBuilder.Build("shop", new() { Name = "web", Image = "registry/web:v1" }, [], "op1");

    private static readonly ContainerSpec Full = SpecBuilder.Build(
        "shop",
        new()
        {
            Name = "web",
            Image = "registry/web:v1",
            Network = "backend",
            User = "1000:1000",
            Restart = "on-failure:3",
            Ports = [new(null, 8080, 80), new("127.0.0.1", 5353, 53, "udp"), new("::1", 9000, 9000)],
            Volumes = [new("/srv/web", "/data", false), new("conf", "/etc/web", true, "ro,z"), new("/srv/x", "/x", true, "ro")],
            Command = ["serve", "--title=Größe \"1\" <a> & 'b' + c\t😀", ""],
            Environment = ["B=2", "A=ü=1", "C="],
            Routes = [new() { Name = "site", Port = 443 }],
        },
        [new("web", "site", 31022)],
        "op1");

    private static readonly ContainerSpec Task = SpecBuilder.Build(
        "shop", new() { Name = "migrate", Image = "registry/web:v1", Kind = ComponentKind.Task, Command = ["migrate"] }, [], "op1");

    private static readonly ContainerSpec HostNetwork = SpecBuilder.Build(
        "shop",
        new() { Name = "web", Image = "registry/web:v1", Network = "host", Ports = [new(null, 8080, 80)], Routes = [new() { Port = 443 }] },
        [new("web", "", 31022)],
        "op1");

    private static readonly ContainerSpec OneName = SpecBuilder.Build(
        "web", new() { Name = "web", Image = "registry/web:v1", User = "app", Restart = "unless-stopped" }, [], "op1");

    public static TheoryData<string, string, string, string> Stored => new()
    {
        { nameof(Minimal), "e24773ccb3f72008", "2:f1271473bb29ab8d", """{"image":"registry/web:v1","name":"shop-web"}""" },
        {
            nameof(Full), "e87bdd422f97a875", "2:a3c0177b4fac5166",
            """{"cmd":["serve","--title=Gr\u00F6\u00DFe \u00221\u0022 \u003Ca\u003E \u0026 \u0027b\u0027 \u002B c\t\uD83D\uDE00",""]"""
            + ""","env":{"A":"\u00FC=1","B":"2","C":"","PORT":"31022","PORT_SITE":"31022"}"""
            + ""","image":"registry/web:v1","name":"shop-web","network":"backend","ports":["""
            + "\"8080:80\",\"127.0.0.1:5353:53/udp\",\"[::1]:9000:9000\",\"127.0.0.1:31022:31022\"]"
            + ""","restart":"on-failure:3","user":"1000:1000","volumes":["/srv/web:/data","conf:/etc/web:ro,z","/srv/x:/x:ro"]}"""
        },
        {
            nameof(Task), "c6a371a2cd6b8ab0", "2:c7d17b68974b26cc",
            """{"cmd":["migrate"],"image":"registry/web:v1","name":"shop-migrate","restart":"no"}"""
        },
        {
            nameof(HostNetwork), "34db026f5dc64ad8", "2:f130f8e0290a32ae",
            """{"env":{"PORT":"31022"},"image":"registry/web:v1","name":"shop-web","network":"host"}"""
        },
        { nameof(OneName), "c4317bfdbd68c4f7", "2:e221f63bf4453884", """{"image":"registry/web:v1","name":"web","user":"app"}""" },
    };

    [Theory]
    [MemberData(nameof(Stored))]
    public void Of_SpecOfAnyKind_IsTheStoredValue(string spec, string first, string second, string text)
    {
        var given = Named(spec);

        Assert.Equal(text, SpecFingerprint.CanonicalText(given));
        Assert.Equal(second, SpecFingerprint.Of(given));
        Assert.Equal(second, given.Labels[ContainerLabels.Spec]);
        Assert.Equal(first, FirstFingerprint.Of(given));
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public void Matches_EitherForm_IsTrueForItsOwnSpecAlone(string spec, string first, string second, string text)
    {
        ContainerSpec[] all = [Minimal, Full, Task, HostNetwork, OneName];

        Assert.NotEmpty(text);
        Assert.All(all, other => Assert.Equal(other == Named(spec), SpecFingerprint.Matches(first, other)));
        Assert.All(all, other => Assert.Equal(other == Named(spec), SpecFingerprint.Matches(second, other)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("3:e24773ccb3f72008")]
    public void Matches_LabelOfAnotherForm_IsFalse(string? label) => Assert.False(SpecFingerprint.Matches(label, Minimal));

    [Fact]
    public void Of_EnvironmentInAnotherOrder_IsTheSame() => Assert.Equal(With("A=1", "B=2"), With("B=2", "A=1"));

    [Fact]
    public void Of_NameTwiceInTheEnvironment_CountsTheLast()
    {
        Assert.Equal(With("A=2"), With("A=1", "A=2"));
        Assert.NotEqual(With("A=1"), With("A=1", "A=2"));
    }

    [Fact]
    public void Of_LabelsAndImageId_AreNotCounted() =>
        Assert.Equal(SpecFingerprint.Of(Full), SpecFingerprint.Of(Full with { ImageId = "sha256:1", Labels = ValueMap.Empty }));

    public static TheoryData<string> CountedKeys =>
    [
        .. typeof(ContainerSpec).GetProperties().Select(p => p.Name).Except([nameof(ContainerSpec.ImageId), nameof(ContainerSpec.Labels)]),
    ];

    [Theory]
    [MemberData(nameof(CountedKeys))]
    public void Of_AnyOtherKeyOfASpecChanged_Differs(string key)
    {
        var changed = Minimal with { };
        var property = typeof(ContainerSpec).GetProperty(key)!;
        property.SetValue(changed, Another(property.PropertyType));

        Assert.NotEqual(SpecFingerprint.CanonicalText(Minimal), SpecFingerprint.CanonicalText(changed));
        Assert.False(SpecFingerprint.Matches(FirstFingerprint.Of(Minimal), changed));
    }

    private static string With(params string[] environment) => SpecFingerprint.Of(Minimal with { Environment = environment.ToValueList() });

    private static object Another(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(string) => "other",
        var t when t == typeof(ValueList<string>) => new[] { "OTHER=1" }.ToValueList(),
        var t when t == typeof(ValueList<PortBinding>) => new[] { new PortBinding(null, 1, 2) }.ToValueList(),
        var t when t == typeof(ValueList<Mount>) => new[] { new Mount("a", "/b", false) }.ToValueList(),
        var t when t == typeof(ValueMap) => new ValueMap([new("a", "b")]),
        var t when t == typeof(bool) => true,
        var t when t.IsPrimitive => Convert.ChangeType(7, t, CultureInfo.InvariantCulture),
        var t when t == typeof(decimal) => 7m,
        var t when t == typeof(TimeSpan) => TimeSpan.FromSeconds(7),
        var t => throw new NotSupportedException($"say here what another {t.Name} is"),
    };

    private static ContainerSpec Named(string name) => name switch
    {
        nameof(Minimal) => Minimal,
        nameof(Full) => Full,
        nameof(Task) => Task,
        nameof(HostNetwork) => HostNetwork,
        _ => OneName,
    };
}
