using Mcp.Core.Images.Transfer;

namespace Mcp.Core.Images.Building;

/// <summary>An image's configuration and some of its layers, taken out of an engine into files; these are deleted when disposed.</summary>
public sealed class ImageExport : IDisposable
{
    private readonly ScratchFolder _scratch;

    internal ImageExport(ScratchFolder scratch, byte[] config)
    {
        _scratch = scratch;
        Config = config;
    }

    /// <summary>Its SHA-256 is the image's id.</summary>
    public byte[] Config { get; }

    /// <summary>A layer that was asked for, uncompressed.</summary>
    /// <param name="layer">Its diff id.</param>
    public Stream Open(string layer) => new FileStream(File(_scratch, layer), FileMode.Open, FileAccess.Read, FileShare.Read, 1);

    public void Dispose() => _scratch.Dispose();

    /// <summary>Where a layer is put: as in an OCI layout, which podman writes by itself.</summary>
    internal static string File(ScratchFolder scratch, string layer) => Path.Combine(
        scratch.Path, "blobs", "sha256",
        LayerDigest.Hex(layer) ?? throw new ArgumentException($"'{layer}' is not the digest of a layer", nameof(layer)));
}
