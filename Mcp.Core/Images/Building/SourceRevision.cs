using System.ComponentModel;
using Mcp.Core.Processes;

namespace Mcp.Core.Images.Building;

/// <summary>What git says about a folder.</summary>
/// <param name="Revision">Commit id, with "-dirty" when the folder has changes that are not committed; null outside git.</param>
/// <param name="Source">Address of the remote "origin", without login.</param>
internal sealed record SourceRevision(string? Revision, string? Source)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static async Task<SourceRevision> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var commit = await GitAsync(folder, cancellationToken, "rev-parse", "HEAD");
        if (string.IsNullOrEmpty(commit))
            return new(null, null);
        var changes = await GitAsync(folder, cancellationToken, "status", "--porcelain", "--", ".");
        var remote = await GitAsync(folder, cancellationToken, "remote", "get-url", "origin");
        return new(changes is "" ? commit : commit + "-dirty", string.IsNullOrEmpty(remote) ? null : WithoutLogin(remote));
    }

    /// <summary>
    /// Removes user and password, since either may be a token; with ssh the user stays: it is part of the address, and a password can't be
    /// used.
    /// </summary>
    public static string? WithoutLogin(string remote)
    {
        if (Uri.TryCreate(remote, UriKind.Absolute, out var uri) && remote.Contains("://", StringComparison.Ordinal))
        {
            var clean = new UriBuilder(uri) { Password = "", Query = "", Fragment = "" };
            if (uri.Scheme != "ssh")
                clean.UserName = "";
            if (uri.IsDefaultPort)
                clean.Port = -1;
            return clean.Uri.IsFile ? null : clean.Uri.AbsoluteUri;
        }
        // git@host:team/app.git, which is no URL; the label requires one. Local folders mean nothing on other machines.
        var colon = remote.IndexOf(':', StringComparison.Ordinal);
        return colon > 1 && !remote[..colon].Contains('/') ? $"ssh://{remote[..colon]}/{remote[(colon + 1)..].TrimStart('/')}" : null;
    }

    private static async Task<string?> GitAsync(string folder, CancellationToken cancellationToken, params string[] arguments)
    {
        var git = new ProcessCommand("git", ["-C", folder, .. arguments])
        {
            Environment = new Dictionary<string, string> { ["GIT_OPTIONAL_LOCKS"] = "0", ["GIT_TERMINAL_PROMPT"] = "0" },
        };
        try
        {
            var result = await Subprocess.RunAsync(git, default, Limit, TimeProvider.System, cancellationToken);
            return result.ExitCode == 0 ? result.Output.Trim() : null;
        }
        catch (Exception e) when (e is Win32Exception or TimeoutException)
        {
            // No git here, or none that answers: the labels that need it are left out.
            return null;
        }
    }
}
