using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mcp.Core.Images.Credentials;

namespace Mcp.Core.Images.Distribution;

/// <summary>Messages and remedies for all failures of an image registry, in one place for checks and pushes.</summary>
internal sealed class ImageRegistryFaults(ImageRegistrySettings settings)
{
    public static ImageRegistryException Unreachable(string name, string authority, Exception inner) => new(
        ImageRegistryError.Unreachable, name, $"image registry {name} can't be reached: {Reason(inner)}",
        $"check that it runs and that {authority} is right (curl {authority}/v2/), then try again", inner);

    public static ImageRegistryException TimedOut(string name, string authority, TimeSpan after) => new(
        ImageRegistryError.Unreachable, name,
        string.Create(CultureInfo.InvariantCulture,
            $"image registry {name} did not answer: nothing came from {authority} within {after.TotalSeconds:0.#} s"),
        "check that it runs and that no firewall drops the connection, then try again");

    public ImageRegistryException UnknownCertificate(string name, string reason) => new(
        ImageRegistryError.UnknownCertificate, name, $"image registry {name} is not trusted: {reason}",
        $"set ca_cert to its CA under {Section(name)}, or insecure = true if you trust the network");

    public ImageRegistryException BadCertificateFile(string name, CertificateFileException inner) => new(
        ImageRegistryError.UnknownCertificate, name, inner.Message,
        $"put a PEM certificate there, or fix ca_cert under {Section(name)}", inner);

    public ImageRegistryException NotTls(string name, Exception inner) => new(
        ImageRegistryError.Protocol, name, $"image registry {name} does not speak TLS: {Reason(inner)}",
        $"set insecure = true under {Section(name)} to use it over plain HTTP", inner);

    public ImageRegistryException NoCredentials(string name, string what, RegistryWords words, IReadOnlyList<string> looked) => new(
        ImageRegistryError.Unauthorized, name,
        $"image registry {name} requires a login for {what}{words.Suffix}; none found in {Join(looked)}",
        $"run '{settings.Engine} login {name}'");

    public ImageRegistryException WrongCredentials(
        string name, string what, RegistryWords words, ImageRegistryCredential credential) => new(
        ImageRegistryError.Unauthorized, name,
        $"image registry {name} rejected the login of {credential.Username} for {what}{words.Suffix} (from {credential.Source})",
        $"run '{settings.Engine} login {name}' again with the right password");

    public ImageRegistryException Denied(string name, string what, RegistryWords words, ImageRegistryCredential? credential) => new(
        ImageRegistryError.Denied, name,
        $"image registry {name} denies {what} to {credential?.Username ?? "anonymous callers"}{words.Suffix}",
        $"have the repository created or access granted there, or run '{settings.Engine} login {name}' as a user with access");

    public ImageRegistryException RateLimited(string name, RegistryWords words, TimeSpan? retryAfter) => new(
        ImageRegistryError.RateLimited, name, $"image registry {name} limits the rate of requests (429){words.Suffix}",
        (retryAfter is { } wait ? string.Create(CultureInfo.InvariantCulture, $"try again in {Math.Ceiling(wait.TotalSeconds):0} s")
            : "try again later") + $"; '{settings.Engine} login {name}' often raises the limit");

    public static ImageRegistryException ServerError(string name, HttpStatusCode status, RegistryWords words, int attempts) => new(
        words.Text.Contains("no space left", StringComparison.OrdinalIgnoreCase) || status == HttpStatusCode.InsufficientStorage
            ? ImageRegistryError.DiskFull
            : ImageRegistryError.ServerError,
        name, $"image registry {name} failed with {(int)status} {status} ({attempts} attempts){words.Suffix}",
        "check its log and disk space, then try again");

    public static ImageRegistryException Protocol(string name, string message, string? remedy = null) => new(
        ImageRegistryError.Protocol, name, $"image registry {name}: {message}",
        remedy ?? $"check that what answers at {name} is an image registry");

    public static ImageRegistryException BadCredentials(string name, string message, string remedy, Exception? inner = null) => new(
        ImageRegistryError.Credentials, name, message, remedy, inner);

    /// <summary>What the system says about a connection that failed, without .NET's wrapping.</summary>
    public static string Reason(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is SocketException socket)
                return socket.SocketErrorCode == SocketError.HostNotFound ? "no such host" : socket.Message;
            if (e.InnerException is null)
                return e.Message;
        }
        return exception.Message;
    }

    public bool AllowsPlainHttp(ImageRegistryEndpoint endpoint) => endpoint.IsLoopback || settings.For(endpoint.Name).Insecure;

    public string Section(string name) => $"[registry.hosts.\"{name}\"] in {settings.ConfigFile}";

    private static string Join(IReadOnlyList<string> files) => files.Count == 0 ? "any auth file" : string.Join(", ", files);
}
