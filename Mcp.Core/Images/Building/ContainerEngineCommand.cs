namespace Mcp.Core.Images.Building;

/// <summary>The podman or docker program of this workstation.</summary>
/// <param name="Name">podman or docker.</param>
/// <param name="File">Full path.</param>
/// <param name="GlobalArguments">Before the verb: "--root", ..., "-H", ...</param>
public sealed record ContainerEngineCommand(string Name, string File, IReadOnlyList<string> GlobalArguments)
{
    public bool IsPodman => Name == "podman";

    /// <summary>Set for the program, in addition to what it inherits.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <param name="configured">"podman", "docker", a path to one of them, or null for the first that is found: podman, docker.</param>
    /// <exception cref="ImageBuildException">None was found.</exception>
    public static ContainerEngineCommand Find(string? configured) =>
        Find(configured, System.Environment.GetEnvironmentVariable("PATH") ?? "");

    internal static ContainerEngineCommand Find(string? configured, string path)
    {
        if (string.IsNullOrEmpty(configured))
            return Locate("podman", path) ?? Locate("docker", path) ?? throw new ImageBuildException(
                ImageBuildError.EngineMissing, "no container engine on this machine: neither podman nor docker is on PATH",
                "install podman or docker, or name one as engine under [build] in the workstation's config");
        var found = configured.Contains(Path.DirectorySeparatorChar) ? (System.IO.File.Exists(configured) ? Of(configured) : null)
            : Locate(configured, path);
        return found ?? throw new ImageBuildException(
            ImageBuildError.EngineMissing, $"container engine '{configured}' (engine under [build]) was not found",
            "install it, or name podman, docker or the path of one of them");
    }

    private static ContainerEngineCommand? Locate(string name, string path)
    {
        var file = OperatingSystem.IsWindows() && !name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? name + ".exe" : name;
        return path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(f =>
            Path.Combine(f, file)).FirstOrDefault(System.IO.File.Exists) is { } found ? Of(found) : null;
    }

    private static ContainerEngineCommand Of(string file) =>
        new(Path.GetFileNameWithoutExtension(file).Contains("docker", StringComparison.OrdinalIgnoreCase) ? "docker" : "podman", file, []);
}
