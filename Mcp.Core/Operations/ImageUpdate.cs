using Mcp.Core.Collections;

namespace Mcp.Core.Operations;

/// <summary>Work on images at the workstation, before a node is asked for anything. It comes in the same stream as the operation that it is
/// for, and belongs to none: <see cref="OperationUpdate.OperationId"/> is empty. Failures are not updates; the stream throws
/// them.</summary>
public abstract record ImageUpdate(DateTimeOffset At) : OperationUpdate("", At);

/// <summary>First: what is to be done about each image of a service.</summary>
public sealed record ImagesPlanned(DateTimeOffset At, string Service, ValueList<ImageSummary> Images, ValueList<string> Warnings)
    : ImageUpdate(At);

/// <summary>A phase begins, gets on (Running again, with another message) or ends.</summary>
/// <param name="Message">Running: the step ("step 2/5 "RUN make"") or how much was sent. Done: the result.</param>
public sealed record ImageProgressed(DateTimeOffset At, string Image, ImagePhase Phase, StepState State, string Message, TimeSpan Elapsed)
    : ImageUpdate(At);

/// <summary>A line that the engine printed.</summary>
public sealed record ImagePrinted(DateTimeOffset At, string Image, ImagePhase Phase, string Line) : ImageUpdate(At);

/// <summary>An image is where it is to be.</summary>
public sealed record ImageReady(DateTimeOffset At, ImageResult Result) : ImageUpdate(At);

/// <summary>What ought to be known without stopping anything: a tag that now means something else.</summary>
public sealed record ImageWarned(DateTimeOffset At, string Image, string Warning) : ImageUpdate(At);

/// <summary>One image of a service, before the work.</summary>
/// <param name="Components">Those that run it.</param>
/// <param name="Digest">Of what is there already; empty when it is to be made, or was not looked up.</param>
/// <param name="Reason">Why something is done: "not in the image registry"; empty when nothing is.</param>
public sealed record ImageSummary(string Image, ValueList<string> Components, ImageAction Action, string Digest, string Reason);

public enum ImageAction
{
    /// <summary>It is where it is to be.</summary>
    None,

    Build,

    BuildAndPush,

    BuildAndSend,

    Send,
}

public enum ImagePhase
{
    Build,
    Push,

    /// <summary>From the workstation's engine to the node's.</summary>
    Send,
}

/// <summary>What became of one image.</summary>
public sealed record ImageResult
{
    public required string Service { get; init; }

    public required string Image { get; init; }

    /// <summary>In the image registry ("sha256:..."); empty when it was not pushed.</summary>
    public string Digest { get; init; } = "";

    /// <summary>What an engine knows it by.</summary>
    public required string ImageId { get; init; }

    /// <summary>In bytes, unpacked.</summary>
    public required long Size { get; init; }

    public required int Layers { get; init; }

    /// <summary>Of <see cref="Layers"/>: taken from the build cache or the base image; all of them when nothing was built.</summary>
    public required int LayersReused { get; init; }

    public required TimeSpan Duration { get; init; }

    public bool Built { get; init; }

    public bool Pushed => Digest.Length > 0;

    /// <summary>The node that it was sent to; empty when it was sent to none.</summary>
    public string SentTo { get; init; } = "";

    /// <summary>Of <see cref="Layers"/>: the node lacked them, so that they were sent.</summary>
    public int LayersSent { get; init; }

    /// <summary>Bytes of layers that left the workstation; less than the layers' size where an earlier, interrupted transfer was
    /// continued.</summary>
    public long BytesSent { get; init; }
}
