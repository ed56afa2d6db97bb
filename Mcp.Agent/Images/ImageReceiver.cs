using System.Globalization;
using Mcp.Agent.Auth;
using Mcp.Agent.Events;
using Mcp.Agent.Node;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Images.Transfer;

namespace Mcp.Agent.Images;

/// <summary>Takes images that come from a workstation, with no image registry between. The archive goes to the engine as it comes
/// in.</summary>
internal sealed class ImageReceiver(IContainerRuntime runtime, EventLog events, Func<string, long?> freeSpace)
{
    /// <summary>What an engine is left for its own doings.</summary>
    private const long Reserve = 64L * 1024 * 1024;

    public ImageReceiver(IContainerRuntime runtime, EventLog events)
        : this(runtime, events, path => Disks.Read(path, "")?.Available)
    {
    }

    /// <returns>One image for each reference.</returns>
    public async Task<ValueList<NodeImage>> ReceiveAsync(ImageLoad load, Stream archive, Caller caller, CancellationToken cancellationToken)
    {
        foreach (var (reference, _) in load.Images)
            if (ImageReference.TryParse(reference, out var fault) is null || reference.Contains('@', StringComparison.Ordinal))
                throw new AgentException(
                    AgentError.InvalidRequest,
                    $"'{reference}' is not a valid image name{(fault.Length > 0 ? ": " + fault : "")}",
                    "name images as registry/name:tag");
        var root = (await runtime.GetInfoAsync(cancellationToken)).StorageRoot;
        if (FreeSpace(root) is { } free && load.Size + Reserve > free)
            throw NoRoom(root!, free, load.Size);
        var names = await LoadAsync(archive, root, cancellationToken);

        var images = new List<NodeImage>();
        foreach (var (reference, id) in load.Images)
            images.Add(ImageFinder.Describe(reference, await NamedAsync(reference, id, names, cancellationToken)));
        Log(images, caller);
        return images.ToValueList();
    }

    private async Task<IReadOnlyList<string>> LoadAsync(Stream archive, string? root, CancellationToken cancellationToken)
    {
        try
        {
            return await runtime.LoadImageAsync(archive, cancellationToken);
        }
        catch (EngineException e) when (e.Error == EngineError.Unreachable && FreeSpace(root) is { } free && free < Reserve)
        {
            // An engine that runs out of room hangs up in the middle of the request, before anybody reads its reason.
            throw NoRoom(root!, free, 0);
        }
    }

    /// <summary>The image under its reference. Engines differ in what they make of names in archives ("app", "localhost/app",
    /// "docker.io/library/app").</summary>
    private async Task<ImageInfo> NamedAsync(string reference, string id, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (await IsThereAsync() is { } there)
            return there;
        foreach (var candidate in (IEnumerable<string>)(id.Length > 0 ? [id, .. names] : names.Count == 1 ? names : []))
            if (await runtime.InspectImageAsync(candidate, cancellationToken) is { } image && (id.Length == 0 || image.Id == id))
            {
                await runtime.TagImageAsync(image.Id, reference, cancellationToken);
                if (await runtime.InspectImageAsync(reference, cancellationToken) is { } named && named.Id == image.Id)
                    return named;
            }
        throw new AgentException(
            AgentError.InvalidRequest,
            $"the archive does not contain {reference}{(id.Length > 0 ? $" ({id})" : "")}, but {string.Join(", ", names)}",
            "send an archive of exactly that image; if its id changes on the way, the engines store images in different forms");

        async Task<ImageInfo?> IsThereAsync() =>
            await runtime.InspectImageAsync(reference, cancellationToken) is { } image
                && (id.Length == 0 ? names.Any(n => n.EndsWith(reference, StringComparison.Ordinal)) : image.Id == id) ? image : null;
    }

    private void Log(List<NodeImage> images, Caller caller)
    {
        foreach (var image in images)
            events.Append(new AgentEvent(EventKinds.ImageReceived, $"{image.Asked} ({image.Id})", Actor: caller.Name));
    }

    private long? FreeSpace(string? root) => root is null ? null : freeSpace(root);

    private static EngineException NoRoom(string root, long free, long size)
    {
        var image = size > 0
            ? string.Create(CultureInfo.InvariantCulture, $"the image takes {size / 1e6:0} MB")
            : "the engine stopped loading";
        return new(
            EngineError.DiskFull,
            string.Create(CultureInfo.InvariantCulture, $"{root} has {free / 1e6:0} MB left, and {image}"),
            "free space where the engine keeps its images, e.g. with 'podman image prune' or 'docker image prune' on the node");
    }
}
