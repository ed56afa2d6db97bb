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

/// <summary>What became of adding an image to a node's engine.</summary>
/// <param name="Image">null: layers are missing.</param>
/// <param name="Missing">Diff ids of the layers that have to be sent first.</param>
public sealed record ImageAddition(NodeImage? Image, ValueList<string> Missing);
