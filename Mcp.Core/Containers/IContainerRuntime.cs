namespace Mcp.Core.Containers;

/// <summary>A container engine, as far as the agent uses it. Every method throws <see cref="EngineException"/> and nothing else (but
/// cancellation).
/// <c>container</c> is a name or an id.</summary>
public interface IContainerRuntime
{
    Task<EngineInfo> GetInfoAsync(CancellationToken cancellationToken);

    /// <summary>
    /// podman or docker. Far cheaper than <see cref="GetInfoAsync"/>, for which podman looks up the packages of all its helpers.
    /// </summary>
    Task<string> GetNameAsync(CancellationToken cancellationToken);

    /// <summary>null when the engine does not have the image.</summary>
    Task<ImageInfo?> InspectImageAsync(string image, CancellationToken cancellationToken);

    /// <summary>
    /// Pulls the image from its registry. Errors: <see cref="EngineError.ImageNotFound"/>, <see cref="EngineError.RegistryUnreachable"/>,
    /// <see cref="EngineError.Denied"/>.
    /// </summary>
    Task PullAsync(string image, IProgress<string>? progress, CancellationToken cancellationToken);

    /// <summary>Ids of all images, whether or not they have a name.</summary>
    Task<IReadOnlyList<string>> ListImagesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Gives an image another name. An image that had the name loses it. Errors: <see cref="EngineError.ImageNotFound"/>.
    /// </summary>
    /// <param name="image">A reference or an id.</param>
    /// <param name="reference">With its tag.</param>
    Task TagImageAsync(string image, string reference, CancellationToken cancellationToken);

    /// <summary>Removes a name from an image, and the image with its last name. False when there is no such name, or the image would be
    /// removed and a container still uses it: then nothing changes.</summary>
    Task<bool> RemoveImageAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Reads an archive of `podman save` or `docker save` while it comes in; returns the names and ids that the engine reports.
    /// An archive that ends early or can't be read loads nothing. Errors: <see cref="EngineError.BadArchive"/>, <see
    /// cref="EngineError.DiskFull"/>; what reading <paramref name="archive"/> throws is thrown on as it is.</summary>
    Task<IReadOnlyList<string>> LoadImageAsync(Stream archive, CancellationToken cancellationToken);

    /// <summary>
    /// Creates without starting; returns the id. Errors: <see cref="EngineError.NameTaken"/>, <see cref="EngineError.ImageNotFound"/>, <see
    /// cref="EngineError.NetworkNotFound"/>.
    /// </summary>
    Task<string> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken);

    /// <summary>Creates and starts; returns the id. Removes what it created when the start fails.</summary>
    Task<string> RunAsync(ContainerSpec spec, CancellationToken cancellationToken);

    /// <summary>
    /// A container that runs already is no error. Errors: <see cref="EngineError.PortTaken"/>, <see cref="EngineError.NotFound"/>.
    /// </summary>
    Task StartAsync(string container, CancellationToken cancellationToken);

    /// <summary>Asks to end, and kills after <paramref name="timeout"/>. Once this returns it stays stopped and its host ports are free,
    /// also when it was just crashing and being restarted. One that doesn't run is no error.</summary>
    Task StopAsync(string container, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Kills and removes, with its anonymous volumes. One that isn't there is no error.</summary>
    Task RemoveAsync(string container, CancellationToken cancellationToken);

    Task RenameAsync(string container, string newName, CancellationToken cancellationToken);

    /// <summary>null when there is no such container.</summary>
    Task<ContainerInfo?> InspectAsync(string container, CancellationToken cancellationToken);

    /// <summary>All containers, running or not, that carry every one of these labels (an empty value means any value). As they are now,
    /// except for the status of a <see cref="ContainerHealthCheck"/>, which only an inspection tells. While somebody listens to
    /// <see cref="EventsAsync"/>, it costs one call and an inspection of each container that has changed since the last one.</summary>
    Task<IReadOnlyList<ContainerInfo>> ListAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken);

    /// <summary>Which of the containers that carry every one of these labels run now: one question, and nothing else about
    /// them.</summary>
    /// <returns>Their ids.</returns>
    Task<IReadOnlySet<string>> ListRunningAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken);

    /// <summary>Runs a command in a container that runs, without a shell, and waits for its end. One that cannot be started is <see
    /// cref="EngineError.Failed"/> or ends with 126 or 127, as the engine has it. Cancelling leaves the command to itself.</summary>
    Task<ExecResult> ExecAsync(string container, IReadOnlyList<string> command, CancellationToken cancellationToken);

    IAsyncEnumerable<ContainerLogLine> LogsAsync(string container, LogQuery query, CancellationToken cancellationToken);

    /// <summary>Container events from now on, until cancelled. Throws when the connection is lost.</summary>
    IAsyncEnumerable<ContainerEvent> EventsAsync(CancellationToken cancellationToken);
}
