using System.Globalization;
using Mcp.Agent.Node;
using Mcp.Core.Containers;

namespace Mcp.Agent.Images;

/// <summary>Whether there is room for what arrives.</summary>
/// <param name="freeSpace">Bytes that are free where a path is; null when that is not known.</param>
internal sealed class DiskSpace(Func<string, long?> freeSpace)
{
    /// <summary>What the agent and the engine are left for their own doings.</summary>
    public const long Reserve = 64L * 1024 * 1024;

    private const int NoSpaceLeft = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public DiskSpace()
        : this(path => Disks.Read(path, "")?.Available)
    {
    }

    /// <exception cref="EngineException">There is no room for so many bytes.</exception>
    public void Require(string path, long size)
    {
        if (freeSpace(path) is { } free && size > free - Reserve)
            throw NoRoom(path, size);
    }

    /// <summary>Less than the reserve is left.</summary>
    public bool IsLow(string path) => freeSpace(path) < Reserve;

    public static bool IsFull(IOException error) => error.HResult is NoSpaceLeft or WindowsDiskFull;

    public EngineException NoRoom(string path, long size) => new(
        EngineError.DiskFull,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{path} has {freeSpace(path) / 1e6:0} MB left, and what is to be stored there takes {size / 1e6:0} MB"),
        "free space on the node, e.g. with 'podman image prune' or 'docker image prune'");
}
