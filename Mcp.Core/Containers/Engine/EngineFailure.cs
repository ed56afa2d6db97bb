using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mcp.Core.Containers.Engine;

/// <summary>
/// Classifies failures by the messages of podman, docker, their runtimes and network plugins. Both engines report most of them as a bare
/// 500 or 404.
/// </summary>
internal static partial class EngineFailure
{
    /// <param name="action">What was tried, to follow "cannot": "start container web".</param>
    public static EngineException From(string action, EngineAnswer answer) =>
        From(action, answer.Status, Words(answer.Body), pulling: null);

    /// <param name="pulling">The image when this was a pull.</param>
    public static EngineException From(string action, int status, string words, string? pulling)
    {
        var error = Classify(status, words, pulling is not null);
        return new EngineException(error, $"cannot {action}: {words}", Remedy(error, words, pulling));
    }

    public static EngineError Classify(int status, string words, bool pulling)
    {
        bool Says(params ReadOnlySpan<string> phrases)
        {
            foreach (var phrase in phrases)
                if (words.Contains(phrase, StringComparison.OrdinalIgnoreCase))
                    return true;
            return false;
        }

        if (Says("no space left on device", "disk quota exceeded"))
            return EngineError.DiskFull;
        if (pulling)
        {
            if (Says("manifest unknown", "manifest_unknown", "name unknown", "name_unknown", "no such image", "repository name not known")
                || NotFoundManifest().IsMatch(words))
                return EngineError.ImageNotFound;
            if (Says("unauthorized", "authentication required", "no basic auth credentials", "denied", "forbidden",
                "invalid username/password"))
                return EngineError.Denied;
            if (Says("dial tcp", "connection refused", "connection reset", "no such host", "i/o timeout", "deadline exceeded", "tls",
                "x509", "server gave http response", "pinging container registry", "get \"http", "head \"http", "unexpected eof",
                "service unavailable",
                "bad gateway", "gateway timeout", "internal server error", "received unexpected http status", "toomanyrequests",
                "too many requests", "unreachable"))
                return EngineError.RegistryUnreachable;
            return status == 404 ? EngineError.ImageNotFound : EngineError.Failed;
        }
        if (Says("docker-import-", "payload does not match any of the supported image formats", "unexpected eof", "archive/tar",
            "invalid tar header", "error processing tar file", "manifest.json: no such file", "not found in the tarball",
            "missing in the tarball", "invalid manifest", "invalid diffid for layer", "unexpected end of json"))
            return EngineError.BadArchive;
        if (Says("address already in use", "port is already allocated", "failed to bind host port", "failed to bind port",
            "ports are not available", "port is already in use"))
            return EngineError.PortTaken;
        if (Says("network not found", "unable to find network", "network configuration not found") || NetworkMissing().IsMatch(words))
            return EngineError.NetworkNotFound;
        if (Says("no such image", "image not known", "unable to find a name and tag match"))
            return EngineError.ImageNotFound;
        if (Says("name") && Says("already in use", "already exists"))
            return EngineError.NameTaken;
        if (Says("no such container", "no container with name or id"))
            return EngineError.NotFound;
        return status switch
        {
            404 => EngineError.NotFound,
            401 or 403 => EngineError.Denied,
            501 => EngineError.NotSupported,
            _ => EngineError.Failed,
        };
    }

    /// <summary>The engine looked for a container's process, and that has ended: "read /proc/27075/cgroup: no such process".</summary>
    public static bool IsEndedProcess(EngineException failure) => ProcessFile().IsMatch(failure.Message);

    /// <summary>The engine's message in an error body: {"message"} of both, with podman's "cause" already at the end of it.</summary>
    public static string Words(ReadOnlySpan<byte> body)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, EngineJson.Default.ErrorDto) is { Message: { Length: > 0 } message })
                return message.Trim();
        }
        catch (JsonException)
        {
            // Not every proxy and not every version answers JSON; then the text itself is used.
        }

        var text = Encoding.UTF8.GetString(body).Trim();
        return text.Length == 0 ? "the engine gave no reason" : text.Length > 500 ? text[..500] + " ..." : text;
    }

    private static string Remedy(EngineError error, string words, string? pulling) => error switch
    {
        EngineError.DiskFull =>
            "free space where the engine keeps its images and containers, e.g. with 'podman system prune' or 'docker system prune'",
        EngineError.BadArchive =>
            "send it again; if that fails, too, check that the image can be saved where it comes from ('podman save' or 'docker save')",
        EngineError.PortTaken => HostPort().Match(words) is { Success: true } port
            ? $"find what listens on port {port.Groups[1].Value} ('ss -ltnp'), then stop it or choose another host port"
            : "find what listens on the port ('ss -ltnp'), then stop it or choose another host port",
        EngineError.NetworkNotFound =>
            "create the network on the node ('podman network create NAME' or 'docker network create NAME'), or correct 'network'",
        EngineError.ImageNotFound when pulling is not null => $"build and push {pulling}, or correct the image name or tag",
        EngineError.ImageNotFound => "pull or build the image first, or correct its name or tag",
        EngineError.NameTaken => "remove or rename the container that has the name ('podman ps -a' or 'docker ps -a')",
        EngineError.NotFound => "list the containers with 'podman ps -a' or 'docker ps -a'",
        EngineError.Denied =>
            $"log in to the registry on the node ('podman login' or 'docker login') as a user who may read {pulling ?? "the image"}, "
            + "or correct the image name",
        EngineError.RegistryUnreachable when pulling is { } image && image.StartsWith("localhost/", StringComparison.Ordinal) =>
            $"images under localhost/ exist on the node only: build or load {image} there, or use a registry",
        EngineError.RegistryUnreachable when words.Contains("HTTP response to HTTPS", StringComparison.OrdinalIgnoreCase) =>
            "the registry speaks plain HTTP: mark it insecure in the engine's registry settings of the node, or give the registry a " +
            "certificate",
        EngineError.RegistryUnreachable when words.Contains("x509", StringComparison.OrdinalIgnoreCase) =>
            "the node does not trust the registry's certificate: add its CA to the engine's registry settings of the node",
        EngineError.RegistryUnreachable => "check that the registry is up and can be reached from the node, then try again",
        EngineError.NotSupported => "use a newer engine, or remove what needs it from the definition",
        _ when words.Contains("privileged port", StringComparison.OrdinalIgnoreCase) =>
            "use a host port of 1024 or above, or run the engine as root",
        _ => "see the engine's log for details",
    };

    [GeneratedRegex(@"manifest (for )?\S+ not found|repository \S+ not found", RegexOptions.IgnoreCase)]
    private static partial Regex NotFoundManifest();

    [GeneratedRegex(@"network \S+ not found|no such network", RegexOptions.IgnoreCase)]
    private static partial Regex NetworkMissing();

    [GeneratedRegex(@"/proc/\d+/\S+: no such (process|file)", RegexOptions.IgnoreCase)]
    private static partial Regex ProcessFile();

    [GeneratedRegex(@":(\d{1,5})\b(?!.*:\d{1,5}\b)", RegexOptions.Singleline)]
    private static partial Regex HostPort();
}
