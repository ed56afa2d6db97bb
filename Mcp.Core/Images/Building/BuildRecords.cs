using Mcp.Core.Collections;
using Mcp.Core.Definitions;

namespace Mcp.Core.Images.Building;

/// <summary>One image to build.</summary>
public sealed record ImageBuildRequest
{
    /// <summary>With the tag that the result gets.</summary>
    public required ImageReference Image { get; init; }

    public required string Dockerfile { get; init; }

    /// <summary>The folder that COPY sees.</summary>
    public required string Context { get; init; }

    /// <summary>Further names for the same result.</summary>
    public ValueList<ImageReference> MoreTags { get; init; } = [];

    /// <summary>Besides VERSION, which is always given. Not for secrets: they can be read from the image's history.</summary>
    public ValueMap Arguments { get; init; } = ValueMap.Empty;

    /// <summary>Besides the OCI labels, which are always set.</summary>
    public ValueMap Labels { get; init; } = ValueMap.Empty;

    public bool NoCache { get; init; }

    /// <summary>"linux/arm64"; null is the engine's own.</summary>
    public string? Platform { get; init; }
}

/// <summary>What a build has made.</summary>
public sealed record ImageBuildResult
{
    public required string Image { get; init; }

    /// <summary>"sha256:..." of the image's configuration: the name it has in the engine.</summary>
    public required string ImageId { get; init; }

    /// <summary>What the image registry knows it by; null until it is pushed.</summary>
    public string? Digest { get; init; }

    /// <summary>In bytes, unpacked.</summary>
    public required long Size { get; init; }

    public required int Layers { get; init; }

    /// <summary>Of <see cref="Layers"/>: taken from the build cache or the base image.</summary>
    public required int LayersReused { get; init; }

    public required TimeSpan Duration { get; init; }

    public bool Pushed => Digest is not null;

    /// <summary>podman or docker.</summary>
    public required string Engine { get; init; }
}

/// <summary>An image that the workstation's engine has.</summary>
/// <param name="Id">"sha256:...".</param>
/// <param name="Size">In bytes, unpacked.</param>
/// <param name="Layers">Diff ids, base first.</param>
public sealed record LocalImage(string Id, long Size, ValueList<string> Layers)
{
    /// <summary>Where podman's storage should have the image's configuration; null where that is not known. Not sure: what is there
    /// counts only if its SHA-256 is the id.</summary>
    public string? ConfigFile { get; init; }
}

/// <summary>One line of a build or a push.</summary>
/// <param name="Step">Set on the line that begins a step.</param>
/// <param name="Warning">The engine's warning that this line holds; null: none, or one that came before in this build.</param>
public sealed record ImageOutput(string Text, ImageBuildStep? Step = null, string? Warning = null);

/// <param name="Number">1-based, within its stage where the engine counts so.</param>
/// <param name="Stage">0-based.</param>
/// <param name="Text">The instruction: "RUN make".</param>
public sealed record ImageBuildStep(int Number, int Count, int Stage, string Text)
{
    public override string ToString() => $"step {Number}/{Count} \"{Text}\"";
}
