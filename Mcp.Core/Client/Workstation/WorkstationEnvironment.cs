namespace Mcp.Core.Client.Workstation;

/// <summary>What the workstation's config depends on besides its file; given by value so that a test, or a caller with its own idea of
/// the current directory (PowerShell), can say otherwise.</summary>
public sealed record WorkstationEnvironment
{
    /// <summary>An environment variable; null or empty when it isn't set.</summary>
    public required Func<string, string?> Variable { get; init; }

    public required string HomeDirectory { get; init; }

    public required string CurrentDirectory { get; init; }

    public bool IsWindows { get; init; }

    public static WorkstationEnvironment Current => new()
    {
        Variable = Environment.GetEnvironmentVariable,
        HomeDirectory = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
        CurrentDirectory = Environment.CurrentDirectory,
        IsWindows = OperatingSystem.IsWindows(),
    };

    internal string? Set(string name) => Variable(name) is { Length: > 0 } value ? value : null;

    /// <summary>The full path of what a person wrote: "~/" is home, anything else is relative to the base.</summary>
    internal string Resolve(string path, string relativeTo)
    {
        if (path == "~")
            return HomeDirectory;
        if (path.StartsWith("~/", StringComparison.Ordinal))
            path = Path.Combine(HomeDirectory, path[2..]);
        return Path.GetFullPath(path, Path.GetFullPath(relativeTo));
    }
}
