using Mcp.Core.Definitions;
using Mcp.Core.Images;
using Mcp.Core.Images.Credentials;
using Mcp.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Mcp.Core.Tests.Images.Distribution;

internal static class ClientUnderTest
{
    public const string Password = "s3cret-Passw0rd";

    public static readonly ImageReference App = new("reg.example", "team/app", "v1", null);

    public static ImageRegistryClient Create(
        FakeRegistryHandler registry, string? authFile = null, ImageRegistrySettings? settings = null, TimeProvider? time = null) =>
        new((settings ?? new()) with { CertificateFolders = [] }, Logins(authFile), time ?? new FakeTimeProvider(), _ => registry, () => 1);

    public static ImageRegistryCredentials Logins(string? authFile) =>
        new(new(authFile is null ? [] : [authFile], [], TimeSpan.FromSeconds(5)), TimeProvider.System);

    public static string Login(TempFolder folder, string host = "reg.example", string user = "anna") =>
        folder.Write("auth.json", $$"""{"auths":{"{{host}}":{"auth":"{{Base64($"{user}:{Password}")}}" } } }""");

    public static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));
}
