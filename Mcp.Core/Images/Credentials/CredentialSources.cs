namespace Mcp.Core.Images.Credentials;

/// <summary>Where credentials are looked for, in podman's order.</summary>
/// <param name="AuthFiles">Candidates; a missing one is skipped.</param>
/// <param name="HelperFolders">Where docker-credential-* programs are; PATH.</param>
/// <param name="HelperTimeout">Of one call; helpers may ask the operator something.</param>
public sealed record CredentialSources(IReadOnlyList<string> AuthFiles, IReadOnlyList<string> HelperFolders, TimeSpan HelperTimeout)
{
    public static CredentialSources FromEnvironment() =>
        From(Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    internal static CredentialSources From(Func<string, string?> environment, string home)
    {
        var folders = (environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return new(Files(environment, home), folders, TimeSpan.FromSeconds(60));
    }

    private static List<string> Files(Func<string, string?> environment, string home)
    {
        // A file that is named is the only one read, as podman and skopeo do it.
        if (environment("REGISTRY_AUTH_FILE") is { Length: > 0 } only)
            return [only];
        var files = new List<string>();
        if (environment("XDG_RUNTIME_DIR") is { Length: > 0 } runtime)
            files.Add(Path.Combine(runtime, "containers", "auth.json"));
        else if (OperatingSystem.IsLinux())
            files.Add($"/run/containers/{EffectiveUser()}/auth.json");
        var config = environment("XDG_CONFIG_HOME") is { Length: > 0 } xdg ? xdg : Path.Combine(home, ".config");
        files.Add(Path.Combine(config, "containers", "auth.json"));
        var docker = environment("DOCKER_CONFIG") is { Length: > 0 } configured ? configured : Path.Combine(home, ".docker");
        files.Add(Path.Combine(docker, "config.json"));
        return files;
    }

    // podman login without XDG_RUNTIME_DIR (root, cron, sudo) writes below /run/containers/<uid>.
    private static string EffectiveUser()
    {
        try
        {
            return File.ReadLines("/proc/self/status").First(l => l.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or IndexOutOfRangeException)
        {
            return "0";
        }
    }
}
