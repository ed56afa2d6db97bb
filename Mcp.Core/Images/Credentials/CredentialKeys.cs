namespace Mcp.Core.Images.Credentials;

/// <summary>The names under which an auth file may hold the login for one repository.</summary>
internal sealed class CredentialKeys(string host, string repository)
{
    private const string DockerHub = "docker.io";
    private const string DockerHubLegacy = "https://index.docker.io/v1/";

    public string Host => host;

    /// <summary>"reg/team/app", "reg/team", "reg": the longest prefix wins, as with podman.</summary>
    public IEnumerable<string> MostSpecificFirst
    {
        get
        {
            for (var key = $"{host}/{repository}"; key.Length > 0; key = key[..Math.Max(0, key.LastIndexOf('/'))])
                yield return key;
            if (host == DockerHub)
            {
                yield return DockerHubLegacy;
                yield return "index.docker.io";
            }
        }
    }

    /// <summary>What a helper is asked about: docker's helpers keep Docker Hub under its old address.</summary>
    public string ServerFor(string key) => host == DockerHub && (key == DockerHub || key == "index.docker.io") ? DockerHubLegacy : key;

    public bool IsAddressOfHost(string key)
    {
        var start = key.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
            : key.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7 : 0;
        if (start == 0)
            return false;
        var rest = key[start..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var name = slash < 0 ? rest : rest[..slash];
        return name.Equals(host, StringComparison.OrdinalIgnoreCase)
            || (host == DockerHub && name is "index.docker.io" or "registry-1.docker.io");
    }
}
