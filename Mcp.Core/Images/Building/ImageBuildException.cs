using Mcp.Core.Collections;

namespace Mcp.Core.Images.Building;

/// <summary>A failed command of the workstation's engine. The message ends with the engine's last lines where there are any.</summary>
public sealed class ImageBuildException : Exception
{
    public ImageBuildException(ImageBuildError error, string message, string remedy, Exception? inner = null)
        : base(message, inner)
    {
        Error = error;
        Remedy = remedy;
    }

    public ImageBuildError Error { get; }

    /// <summary>What to do next, as one sentence.</summary>
    public string Remedy { get; }

    /// <summary>null when no step had started.</summary>
    public ImageBuildStep? Step { get; init; }

    /// <summary>Of the failing command where the engine tells it, else the engine's own.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The last lines of output, oldest first.</summary>
    public ValueList<string> Tail { get; init; } = [];
}

public enum ImageBuildError
{
    /// <summary>Neither podman nor docker is installed, or not the configured one.</summary>
    EngineMissing,

    /// <summary>The program runs but can't reach its service.</summary>
    EngineUnreachable,

    ContextMissing,

    DockerfileMissing,

    /// <summary>The engine failed before the first step.</summary>
    BadDockerfile,

    BaseImage,

    StepFailed,

    DiskFull,

    /// <summary>The engine does not have the image to push or save.</summary>
    ImageMissing,

    EngineFailed,
}
