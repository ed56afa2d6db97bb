using Mcp.Core.Collections;

namespace Mcp.Core.Images.Transfer;

/// <summary>An image that a node's engine has.</summary>
/// <param name="Asked">The reference or id in the question.</param>
/// <param name="Id">"sha256:...".</param>
/// <param name="RepoDigests">"registry/img@sha256:..." each.</param>
/// <param name="Layers">Diff ids: the digests of the unpacked layers, bottom first.</param>
/// <param name="Size">Bytes.</param>
public sealed record NodeImage(string Asked, string Id, ValueList<string> Tags, ValueList<string> RepoDigests, ValueList<string> Layers,
    long Size);

/// <param name="Images">Those that are there, in the order of the question.</param>
/// <param name="Layers">Those of the layers asked about that an image on the node has.</param>
public sealed record NodeImages(ValueList<NodeImage> Images, ValueList<string> Layers);

/// <summary>What an archive brings.</summary>
/// <param name="Images">Reference -> image id ("sha256:..."; empty: any).</param>
/// <param name="Size">Bytes that the images take unpacked, to see beforehand whether there is room; 0: unknown.</param>
public sealed record ImageLoad(ValueMap Images, long Size = 0);
