using System.Text.Json;

namespace Mcp.Core.Images.Credentials;

/// <summary>Logins that podman and docker have stored on this workstation, found by their rules.</summary>
public sealed class ImageRegistryCredentials(CredentialSources sources, TimeProvider time)
{
    /// <summary>The auth files that are searched, for messages.</summary>
    public IReadOnlyList<string> Files => sources.AuthFiles;

    /// <summary>null: ask anonymously.</summary>
    /// <param name="host">As references name it; "docker.io" for Docker Hub.</param>
    /// <exception cref="ImageRegistryException">The responsible file or helper does not work.</exception>
    public async Task<ImageRegistryCredential?> FindAsync(string host, string repository, CancellationToken cancellationToken)
    {
        var keys = new CredentialKeys(host, repository);
        foreach (var path in sources.AuthFiles)
        {
            var (login, helper) = Look(host, path, keys);
            if (helper is { } responsible && await AskAsync(host, responsible.Helper, responsible.Server, cancellationToken) is { } found)
                return found;
            if (login is not null)
                return login;
        }
        return null;
    }

    private static (ImageRegistryCredential? Login, (string Helper, string Server)? Helper) Look(string host, string path,
        CredentialKeys keys)
    {
        try
        {
            return AuthFile.Read(path) is { } file ? (file.Login(keys), file.Helper(keys)) : default;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ImageRegistryException(ImageRegistryError.Credentials, host, $"auth file {path} can't be read: {e.Message}",
                "repair or delete it, then log in again", e);
        }
    }

    private async Task<ImageRegistryCredential?> AskAsync(string host, string helper, string server, CancellationToken cancellationToken)
    {
        try
        {
            return await new CredentialHelper(helper, sources, time).GetAsync(server, cancellationToken);
        }
        catch (CredentialHelperException e)
        {
            throw new ImageRegistryException(ImageRegistryError.Credentials, host, e.Message, e.Remedy, e);
        }
    }
}
