using System.Globalization;
using Mcp.Core.Collections;

namespace Mcp.Core.Images.Building;

/// <summary>Classifies an engine's output of a failed build.</summary>
internal static class BuildFaults
{
    private const int ShownLines = 12;

    public static ImageBuildException Describe(ContainerEngineCommand engine, ImageBuildRequest request, BuildOutputReader reader,
        int exitCode)
    {
        var step = reader.Current;
        var code = reader.StepExitCode ?? exitCode;
        var (error, remedy) = Classify(engine, request, step, reader.Tail);
        var where = step is null ? "before its first step" : $"at {step}";
        var message = string.Create(
            CultureInfo.InvariantCulture, $"build of {request.Image} failed {where} with exit code {code}:{Lines(reader.Tail)}");
        return new(error, message, remedy)
        {
            Step = step,
            ExitCode = code,
            Tail = reader.Tail.ToValueList(),
        };
    }

    /// <summary>For commands other than builds.</summary>
    public static ImageBuildException Engine(ContainerEngineCommand engine, string what, int exitCode, IReadOnlyList<string> tail)
    {
        var (error, remedy) = Common(engine, string.Join('\n', tail))
            ?? (ImageBuildError.EngineFailed, $"check the output of {engine.Name}, then try again");
        var message = string.Create(CultureInfo.InvariantCulture, $"{engine.Name}: {what} failed with exit code {exitCode}:{Lines(tail)}");
        return new(error, message, remedy) { ExitCode = exitCode, Tail = tail.ToValueList() };
    }

    private static (ImageBuildError Error, string Remedy) Classify(ContainerEngineCommand engine, ImageBuildRequest request,
        ImageBuildStep? step, IReadOnlyList<string> tail)
    {
        if (Common(engine, string.Join('\n', tail)) is { } common)
            return common;
        if (step is null)
            return (ImageBuildError.BadDockerfile, $"fix {request.Dockerfile}");
        return step.Text.StartsWith("FROM ", StringComparison.OrdinalIgnoreCase)
            ? (ImageBuildError.BaseImage,
                $"check the name after FROM in {request.Dockerfile}, that its image registry can be reached, and '{engine.Name} login'")
            : (ImageBuildError.StepFailed, $"fix that step of {request.Dockerfile} or its inputs, then build again");
    }

    private static (ImageBuildError Error, string Remedy)? Common(ContainerEngineCommand engine, string words)
    {
        if (words.Contains("no space left on device", StringComparison.OrdinalIgnoreCase))
            return (ImageBuildError.DiskFull,
                $"free disk space on this machine, for instance with '{engine.Name} system prune', then try again");
        if (words.Contains("permission denied while trying to connect", StringComparison.OrdinalIgnoreCase))
            return (ImageBuildError.EngineUnreachable,
                "get access to docker's socket (group docker), or name podman as engine under [build] in the workstation's config");
        return words.Contains("Cannot connect to the Docker daemon", StringComparison.OrdinalIgnoreCase)
            || words.Contains("nable to connect to Podman", StringComparison.Ordinal)
            ? (ImageBuildError.EngineUnreachable, engine.IsPodman ? "start it (podman machine start)"
                : "start it (systemctl start docker), or name podman as engine under [build] in the workstation's config")
            : null;
    }

    private static string Lines(IReadOnlyList<string> tail) => string.Concat(tail.TakeLast(ShownLines).Select(l => "\n    " + l));
}
