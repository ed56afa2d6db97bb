using System.Text.RegularExpressions;
using Mcp.Core.Definitions;
using Mcp.Core.Images.Distribution;

namespace Mcp.Core.Images.Building;

/// <summary>
/// Classifies an engine's output of a failed push. Both engines pass on the registry's error codes and Go's network errors, so one table
/// serves.
/// </summary>
internal static partial class PushFaults
{
    public static ImageRegistryException Describe(ContainerEngineCommand engine, ImageReference image, IReadOnlyList<string> tail)
    {
        var name = ImageRegistryEndpoint.For(image).Name;
        var words = Words(tail);
        var (error, remedy) = Classify(words, engine, name, image.Repository);
        return new(error, name, $"push of {image} failed: {words}; the tag {image.Tag} was not changed there", remedy);
    }

    private static (ImageRegistryError Error, string Remedy) Classify(string words, ContainerEngineCommand engine, string name,
        string repository)
    {
        if (Has(words, "no space left on device"))
            return (ImageRegistryError.DiskFull,
                $"free disk space on this machine ({engine.Name} system prune) or on the image registry's, whichever the message names");
        if (Has(words, "http response to https client"))
            return (ImageRegistryError.Protocol, engine.IsPodman
                ? $"set insecure = true under [registry.hosts.\"{name}\"] to use it over plain HTTP"
                : $"add \"{name}\" to insecure-registries in docker's daemon.json to use it over plain HTTP");
        if (Has(words, "x509:", "certificate", "tls: "))
            return (ImageRegistryError.UnknownCertificate, engine.IsPodman
                ? $"set ca_cert to its CA under [registry.hosts.\"{name}\"], or put it into /etc/containers/certs.d/{name}/ca.crt"
                : $"put its CA into /etc/docker/certs.d/{name}/ca.crt on the machine where dockerd runs");
        if (Has(words, "operation is unsupported", "405 Method Not Allowed", "read-only", "readonly", "status 405", "Method Not Allowed"))
            return (ImageRegistryError.ReadOnly, "the image registry is read-only: end that mode or push elsewhere");
        if (Has(words, "toomanyrequests", "429"))
            return (ImageRegistryError.RateLimited, "try again later");
        if (Has(words, "unauthorized", "authentication required", "no basic auth credentials", "incorrect username or password",
            "invalid username/password"))
            return (ImageRegistryError.Unauthorized, $"run '{engine.Name} login {name}' with the right password");
        if (Has(words, "denied", "403 Forbidden"))
            return (ImageRegistryError.Denied,
                $"have push access to {repository} granted, or run '{engine.Name} login {name}' as a user with access");
        if (Has(words, "name unknown", "name_unknown", "repository does not exist"))
            return (ImageRegistryError.NotFound,
                $"create the repository {repository} at {name} first; this image registry does not create it on push");
        if (Has(words, "connection refused", "no such host", "i/o timeout", "no route to host", "network is unreachable",
            "connection reset", "context deadline exceeded", "EOF"))
            return (ImageRegistryError.Unreachable, $"check that {name} runs and can be reached (curl {name}/v2/), then try again");
        return ServerStatus().IsMatch(words) || Has(words, "unknown error", "internal server error", "server error")
            ? (ImageRegistryError.ServerError, "check the image registry's log and disk space, then try again")
            : (ImageRegistryError.Protocol, $"try '{engine.Name} push' by hand to see all of its output");
    }

    // The last line with an error is the reason; podman repeats it before that as a warning per retry.
    private static string Words(IReadOnlyList<string> tail)
    {
        var line = tail.LastOrDefault(l => l.StartsWith("Error", StringComparison.OrdinalIgnoreCase))
            ?? (tail.Count > 0 ? tail[^1] : "the engine gives no reason");
        return PodmanPrefix().Replace(line, "");
    }

    private static bool Has(string words, params ReadOnlySpan<string> any)
    {
        foreach (var text in any)
            if (words.Contains(text, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    [GeneratedRegex(@"^Error: ")]
    private static partial Regex PodmanPrefix();

    [GeneratedRegex(@"\b50[0-9]\b")]
    private static partial Regex ServerStatus();
}
