using System.Text;
using System.Text.Json;

namespace Mcp.Core.Images.Credentials;

/// <summary>One auth.json (podman) or config.json (docker).</summary>
internal sealed class AuthFile
{
    private readonly Dictionary<string, (string? Auth, string? IdentityToken)> _logins = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _helpers = new(StringComparer.Ordinal);
    private readonly string? _store;
    private readonly string _path;

    private AuthFile(string path, JsonElement root)
    {
        _path = path;
        _store = Text(root, "credsStore");
        foreach (var helper in Members(root, "credHelpers"))
            if (helper.Value.ValueKind == JsonValueKind.String)
                _helpers[helper.Name] = helper.Value.GetString()!;
        foreach (var login in Members(root, "auths"))
            if (login.Value.ValueKind == JsonValueKind.Object)
                _logins[login.Name] = (Text(login.Value, "auth"), Text(login.Value, "identitytoken"));
    }

    /// <summary>null when there is no such file.</summary>
    /// <exception cref="JsonException">It is not what it should be.</exception>
    public static AuthFile? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        // podman leaves an empty file behind while it logs in for the first time.
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length == 0)
            return null;
        using var document = JsonDocument.Parse(bytes, new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? new(path, document.RootElement)
            : throw new JsonException("not a JSON object");
    }

    /// <summary>The helper to ask and the server address to ask it about; null when this file leaves no helper responsible.</summary>
    public (string Helper, string Server)? Helper(CredentialKeys keys)
    {
        foreach (var key in keys.MostSpecificFirst)
            if (_helpers.TryGetValue(key, out var helper) && helper.Length > 0)
                return (helper, keys.ServerFor(key));
        return string.IsNullOrEmpty(_store) ? null : (_store, keys.ServerFor(keys.Host));
    }

    public ImageRegistryCredential? Login(CredentialKeys keys)
    {
        foreach (var key in keys.MostSpecificFirst)
            if (_logins.TryGetValue(key, out var login) && Decode(key, login.Auth, login.IdentityToken) is { } exact)
                return exact;
        // docker has written whole addresses: "https://index.docker.io/v1/", "http://registry:5000/v2/".
        foreach (var (key, login) in _logins)
            if (keys.IsAddressOfHost(key) && Decode(key, login.Auth, login.IdentityToken) is { } loose)
                return loose;
        return null;
    }

    private ImageRegistryCredential? Decode(string key, string? auth, string? identityToken)
    {
        if (string.IsNullOrEmpty(auth))
            return string.IsNullOrEmpty(identityToken) ? null : new("<token>", "", identityToken, _path);
        var bytes = new byte[auth.Length];
        if (!Convert.TryFromBase64String(auth, bytes, out var length))
            throw new JsonException($"the login for {key} is not base64");
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
            throw new JsonException($"the login for {key} is not user:password");
        // docker pads with NULs.
        return new(text[..colon], text[(colon + 1)..].Trim('\0'), identityToken, _path);
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : default;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
