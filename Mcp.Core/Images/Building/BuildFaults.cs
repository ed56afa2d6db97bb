using System.Globalization;
using Mcp.Core.Collections;

namespace Mcp.Core.Images.Building;

/// <summary>What an engine's words about a failed build mean.</summary>
internal static class BuildFaults
{
    private const int ShownLines = 12;

    public static ImageBuildException Describe(ContainerEngineCommand engine, ImageBuildRequest request, BuildOutputReader reader, int exitCode)
    {
        var step = reader.Current;
        var code = reader.StepExitCode ?? exitCode;
        var (error, remedy) = Classify(engine, request, step, reader.Tail);
        var where = step is null ? "before its first step" : $"at {step}";
        return new(error, string.Create(CultureInfo.InvariantCulture, $"build of {request.Image} failed {where} with exit code {code}:{Lines(reader.Tail)}"), remedy)
        {
            Step = step,
            ExitCode = code,
            Tail = reader.Tail.ToValueList(),
        };
    }

    /// <summary>For commands that are no builds.</summary>
    public static ImageBuildException Engine(ContainerEngineCommand engine, string what, int exitCode, IReadOnlyList<string> tail)
    {
        var (error, remedy) = Common(engine, string.Join('\n', tail)) ?? (ImageBuildError.EngineFailed, $"see what {engine.Name} says and try again");
        return new(error, string.Create(CultureInfo.InvariantCulture, $"{engine.Name}: {what} failed with exit code {exitCode}:{Lines(tail)}"), remedy) { ExitCode = exitCode, Tail = tail.ToValueList() };
    }

    private static (ImageBuildError Error, string Remedy) Classify(ContainerEngineCommand engine, ImageBuildRequest request, ImageBuildStep? step, IReadOnlyList<string> tail)
    {
        if (Common(engine, string.Join('\n', tail)) is { } common)
            return common;
        if (step is null)
            return (ImageBuildError.BadDockerfile, $"mend {request.Dockerfile}");
        return step.Text.StartsWith("FROM ", StringComparison.OrdinalIgnoreCase)
            ? (ImageBuildError.BaseImage, $"check the name after FROM in {request.Dockerfile}, that its image registry can be reached, and '{engine.Name} login'")
            : (ImageBuildError.StepFailed, $"mend that step of {request.Dockerfile} or what it works on, then build again");
    }

    private static (ImageBuildError Error, string Remedy)? Common(ContainerEngineCommand engine, string words)
    {
        if (words.Contains("no space left on device", StringComparison.OrdinalIgnoreCase))
            return (ImageBuildError.DiskFull, $"free disk space on this machine, for instance with '{engine.Name} system prune', then try again");
        if (words.Contains("permission denied while trying to connect", StringComparison.OrdinalIgnoreCase))
            return (ImageBuildError.EngineUnreachable, "get the right to use docker's socket (group docker), or name podman as engine under [build] in the workstation's config");
        return words.Contains("Cannot connect to the Docker daemon", StringComparison.OrdinalIgnoreCase) || words.Contains("nable to connect to Podman", StringComparison.Ordinal)
            ? (ImageBuildError.EngineUnreachable, engine.IsPodman ? "start it (podman machine start)" : "start it (systemctl start docker), or name podman as engine under [build] in the workstation's config")
            : null;
    }

    private static string Lines(IReadOnlyList<string> tail) => string.Concat(tail.TakeLast(ShownLines).Select(l => "\n    " + l));
}
