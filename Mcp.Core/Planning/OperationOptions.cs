namespace Mcp.Core.Planning;

/// <summary>How an operation is carried out. One record from the front end (options of `mcp`, parameters of a cmdlet) to the
/// agent.</summary>
public sealed record OperationOptions
{
    public static readonly OperationOptions Default = new();

    /// <summary>How the node gets the images. A front end chooses the pull policy; the digests are added once the images have been
    /// checked.</summary>
    public ImagePins Images { get; init; } = ImagePins.None;

    /// <summary>Build and push images that are missing; false: a missing image is an error. Concerns the workstation alone, and is not
    /// sent.</summary>
    public bool Build { get; init; } = true;

    /// <summary>Replace also what is unchanged.</summary>
    public bool Force { get; init; }

    /// <summary>Replace also containers that another agent, or a person, made under the names that this needs.</summary>
    public bool TakeOver { get; init; }

    /// <summary>False: tasks stay as they are. An older migration has nothing to say to what a newer one has made.</summary>
    public bool RunTasks { get; init; } = true;

    /// <summary>While another operation has the service locked: wait for it instead of failing.</summary>
    public bool Wait { get; init; }
}
