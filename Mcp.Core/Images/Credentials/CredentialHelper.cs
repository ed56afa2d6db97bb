using System.ComponentModel;
using System.Text;
using System.Text.Json;
using Mcp.Core.Processes;

namespace Mcp.Core.Images.Credentials;

/// <summary>A docker-credential-NAME program: the server address goes in through stdin, the login comes out as JSON.</summary>
internal sealed class CredentialHelper(string name, CredentialSources sources, TimeProvider time)
{
    // The text of docker's helper library for "I have none", which every helper prints.
    private const string NotFound = "credentials not found";

    public string Program => "docker-credential-" + name;

    /// <summary>null when the helper has none for this server.</summary>
    /// <exception cref="CredentialHelperException">The helper is missing or fails.</exception>
    public async Task<ImageRegistryCredential?> GetAsync(string server, CancellationToken cancellationToken)
    {
        var file = Locate();
        try
        {
            var command = new ProcessCommand(file, "get");
            var result = await Subprocess.RunAsync(command, Encoding.UTF8.GetBytes(server), sources.HelperTimeout, time, cancellationToken);
            return result.ExitCode == 0 ? Parse(result.Output) : Refused(result);
        }
        catch (Win32Exception e)
        {
            throw new CredentialHelperException($"credential helper {file} can't be started: {e.Message}", "make it executable", e);
        }
        catch (TimeoutException)
        {
            throw new CredentialHelperException(
                $"{Program} did not answer within {sources.HelperTimeout.TotalSeconds:0} s",
                $"run 'echo {server} | {Program} get' to see what it waits for");
        }
    }

    private string Locate()
    {
        // The name comes from a file; it is to be a name, not a path.
        if (name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
            throw new CredentialHelperException($"'{name}' is not a valid name of a credential helper",
                "correct credsStore or credHelpers in the auth file");
        var file = OperatingSystem.IsWindows() ? Program + ".exe" : Program;
        return sources.HelperFolders.Select(f => Path.Combine(f, file)).FirstOrDefault(File.Exists) ?? throw new CredentialHelperException(
            $"credential helper {Program} is not on PATH",
            "install it, or remove it from credsStore/credHelpers in the auth file and log in again");
    }

    private ImageRegistryCredential Parse(string output)
    {
        try
        {
            using var document = JsonDocument.Parse(output);
            var user = document.RootElement.GetProperty("Username").GetString() ?? "";
            var secret = document.RootElement.GetProperty("Secret").GetString() ?? "";
            return user == "<token>" ? new(user, "", secret, Program) : new(user, secret, null, Program);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Without what it wrote: that may be the secret.
            throw new CredentialHelperException($"{Program} returned no readable login", "log in again, or update the helper");
        }
    }

    private ImageRegistryCredential? Refused(ProcessResult result)
    {
        var said = (result.Output.Trim() + " " + result.Error.Trim()).Trim();
        return said.Contains(NotFound, StringComparison.OrdinalIgnoreCase)
            ? null
            : throw new CredentialHelperException(
                $"{Program} failed with exit code {result.ExitCode}: {(said.Length > 300 ? said[..300] : said)}",
                "unlock or repair its password store, or log in again");
    }
}

internal sealed class CredentialHelperException(string message, string remedy, Exception? inner = null) : Exception(message, inner)
{
    public string Remedy { get; } = remedy;
}
