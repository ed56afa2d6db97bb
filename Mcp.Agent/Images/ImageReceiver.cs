using Mcp.Agent.Auth;
using Mcp.Agent.Events;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Images.Transfer;

namespace Mcp.Agent.Images;

/// <summary>Makes images of layers that a workstation has sent and of those that the engine has, with no image registry between.</summary>
internal sealed class ImageReceiver(
    IContainerRuntime runtime, ImageFinder finder, LayerStore layers, EventLog events, DiskSpace disk, ILogger<ImageReceiver> log)
    : IDisposable
{
    /// <summary>One image after another: the second may need what the first brings.</summary>
    private readonly SemaphoreSlim _adding = new(1);

    public void Dispose() => _adding.Dispose();

    /// <summary>Of an image's layers, those that neither the engine has nor an earlier call has brought.</summary>
    public Task<ValueList<string>> FindMissingAsync(IReadOnlyList<string> asked, CancellationToken cancellationToken) =>
        FindMissingAsync(ImageConfig.Check(asked), anew: false, cancellationToken);

    /// <summary>Adds an image to the engine, or tells which layers it takes.</summary>
    public async Task<ImageAddition> AddAsync(
        string reference, ReadOnlyMemory<byte> config, Caller caller, CancellationToken cancellationToken)
    {
        if (ImageReference.TryParse(reference, out var fault) is null || reference.Contains('@', StringComparison.Ordinal))
            throw new AgentException(
                AgentError.InvalidRequest,
                $"'{reference}' is not a valid image name{(fault.Length > 0 ? ": " + fault : "")}",
                "name images as registry/name:tag");
        var image = ImageConfig.Read(config);
        await _adding.WaitAsync(cancellationToken);
        try
        {
            layers.RemoveOld();
            // The engine knows best which layers it has: it is asked about them only when it refuses the image.
            if (await LoadAsync(reference, image, cancellationToken) is { Count: > 0 } missing)
                return new(null, missing);
            var named = await NamedAsync(reference, image.Id, cancellationToken);
            finder.Add(named);
            layers.Remove(image.Layers);
            events.Append(new AgentEvent(EventKinds.ImageReceived, $"{reference} ({image.Id})", Actor: caller.Name));
            return new(ImageFinder.Describe(reference, named), []);
        }
        finally
        {
            _adding.Release();
        }
    }

    /// <returns>The layers that the engine wants after all; empty when the image is loaded.</returns>
    private async Task<ValueList<string>> LoadAsync(string reference, ImageConfig image, CancellationToken cancellationToken)
    {
        var size = image.Layers.Distinct().Sum(l => layers.SizeOf(l) ?? 0);
        // For a few kilobytes the question would take longer than all the rest.
        var root = size >= DiskSpace.Reserve ? (await runtime.GetInfoAsync(cancellationToken)).StorageRoot : null;
        if (root is not null)
            disk.Require(root, size);
        try
        {
            await LayerArchive.LoadAsync(runtime, reference, image, layers, cancellationToken);
            return [];
        }
        catch (EngineException e) when (e.Error == EngineError.Unreachable && root is not null && disk.IsLow(root))
        {
            // An engine that runs out of room hangs up in the middle of the request, before anybody reads its reason.
            throw disk.NoRoom(root, 0);
        }
        catch (EngineException e) when (e.Error is not (EngineError.Unreachable or EngineError.DiskFull))
        {
            if (await FindMissingAsync(image.Layers, anew: true, cancellationToken) is { Count: > 0 } missing)
                return missing;
            if (NotArrived(image.Layers) is { Count: > 0 } all)
            {
                log.LogWarning("The engine can't use layers of its other images for {Image}: {Problem}", reference, e.Message);
                return all;
            }
            // What is wrong with them is not known; the next transfer brings them anew.
            layers.Remove(image.Layers);
            throw;
        }
    }

    /// <summary>The image under its reference. Engines differ in what they make of names in archives ("app", "localhost/app",
    /// "docker.io/library/app").</summary>
    private async Task<ImageInfo> NamedAsync(string reference, string id, CancellationToken cancellationToken)
    {
        if (await runtime.InspectImageAsync(reference, cancellationToken) is { } there && there.Id == id)
            return there;
        if (await runtime.InspectImageAsync(id, cancellationToken) is { } image && image.Id == id)
        {
            await runtime.TagImageAsync(id, reference, cancellationToken);
            if (await runtime.InspectImageAsync(reference, cancellationToken) is { } named && named.Id == id)
                return named;
        }
        throw new AgentException(
            AgentError.InvalidRequest, $"the node's engine has loaded {reference} under another id than {id}",
            "use an image registry: this engine stores images in another form than the workstation's");
    }

    private async Task<ValueList<string>> FindMissingAsync(ValueList<string> all, bool anew, CancellationToken cancellationToken) =>
        NotArrived(all.Skip(await finder.CountLayersAsync(all, anew, cancellationToken)));

    private ValueList<string> NotArrived(IEnumerable<string> all) => all.Distinct().Where(l => layers.SizeOf(l) is null).ToValueList();
}
