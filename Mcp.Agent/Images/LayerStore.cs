using System.Globalization;
using System.Security.Cryptography;
using Mcp.Core.Containers;
using Mcp.Core.Images.Transfer;

namespace Mcp.Agent.Images;

/// <summary>Layers on their way from a workstation to the engine: files in the data directory, named by their digests. What an interrupted
/// call brought stays for the next one.</summary>
internal sealed class LayerStore
{
    /// <summary>What nobody came back for is removed after this time.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    private const int MaxFiles = 1000;
    private const int BufferSize = 256 * 1024;
    private const string Partial = ".part";

    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly DiskSpace _disk;
    private readonly long _most;
    private readonly Lock _lock = new();

    /// <summary>Bytes that calls under way still have to bring.</summary>
    private long _announced;

    /// <summary>By the first byte of a digest: a layer that two callers send at the same time arrives once.</summary>
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1))];

    /// <param name="folder">Created when it is needed.</param>
    /// <param name="most">Bytes that all layers may take together.</param>
    public LayerStore(string folder, TimeProvider time, DiskSpace disk, long most = long.MaxValue)
    {
        (_folder, _time, _disk, _most) = (folder, time, disk, most);
        RemoveOld();
    }

    /// <summary>Bytes of a layer that has arrived completely; null for any other.</summary>
    public long? SizeOf(string layer) => new FileInfo(FileOf(layer)) is { Exists: true } file ? file.Length : null;

    public Stream Open(string layer) => new FileStream(FileOf(layer), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);

    public void Remove(IEnumerable<string> layers)
    {
        foreach (var layer in layers)
            File.Delete(FileOf(layer));
    }

    /// <summary>Takes a layer, from where an earlier call ended. It counts once its digest is right.</summary>
    /// <param name="layer">Diff id.</param>
    /// <param name="size">Bytes of the whole layer.</param>
    /// <param name="chunks">What comes after the part that is there.</param>
    /// <param name="stored">Told the bytes that are there: once before the first chunk, and at the end.</param>
    /// <exception cref="AgentException">It ended early, is longer than announced, or has another digest.</exception>
    /// <exception cref="EngineException">There is no room for it.</exception>
    public async Task ReceiveAsync(
        string layer, long size, IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, Func<long, Task> stored,
        CancellationToken cancellationToken)
    {
        if (size < 0)
            throw new AgentException(AgentError.InvalidRequest, $"{layer} can't have {size} bytes", "announce the size of the layer");
        var gate = _gates[Convert.FromHexString(HexOf(layer).AsSpan(0, 2))[0]];
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (SizeOf(layer) is { } there)
            {
                await stored(there);
                return;
            }
            Directory.CreateDirectory(_folder);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            await WriteAsync(layer, size, chunks, stored, cancellationToken);
            File.Move(FileOf(layer) + Partial, FileOf(layer));
            await stored(size);
        }
        catch (IOException e) when (DiskSpace.IsFull(e))
        {
            // The agent needs room, too.
            File.Delete(FileOf(layer) + Partial);
            throw _disk.NoRoom(_folder, size);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Removes what has not been written to for a day.</summary>
    public void RemoveOld()
    {
        if (!Directory.Exists(_folder))
            return;
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles())
            if (_time.GetUtcNow() - file.LastWriteTimeUtc >= KeptFor)
                file.Delete();
    }

    /// <exception cref="AgentException">It is no digest of a layer.</exception>
    public static string HexOf(string layer) => LayerDigest.Hex(layer) ?? throw new AgentException(
        AgentError.InvalidRequest, $"'{layer}' is not the digest of a layer",
        "name layers by their diff ids: sha256:<64 hexadecimal digits>");

    private async Task WriteAsync(
        string layer, long size, IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, Func<long, Task> stored,
        CancellationToken cancellationToken)
    {
        var name = FileOf(layer) + Partial;
        await using var file = Create(name);
        if (size < file.Length)
            file.SetLength(0);
        var missing = size - file.Length;
        Announce(missing);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            await HashAsync(file, hash, cancellationToken);
            await stored(file.Length);
            await foreach (var chunk in chunks.WithCancellation(cancellationToken))
            {
                if (file.Length + chunk.Length > size)
                    throw Refused(name, $"{layer} is longer than the {size} bytes that were announced");
                await file.WriteAsync(chunk, cancellationToken);
                hash.AppendData(chunk.Span);
                missing -= chunk.Length;
                Interlocked.Add(ref _announced, -chunk.Length);
            }
        }
        finally
        {
            Interlocked.Add(ref _announced, -missing);
        }
        if (file.Length < size)
            throw new AgentException(
                AgentError.InvalidRequest, $"{layer} was interrupted after {file.Length} of {size} bytes",
                "send it again; the node keeps what has arrived");
        if (LayerDigest.Of(hash.GetHashAndReset()) is var digest && digest != layer)
            throw Refused(name, $"what was sent as {layer} is {digest}");
    }

    /// <summary>There must be room for this layer beside all those that are on their way.</summary>
    private void Announce(long bytes)
    {
        lock (_lock)
        {
            var announced = Interlocked.Read(ref _announced) + bytes;
            _disk.Require(_folder, announced);
            if (new DirectoryInfo(_folder).EnumerateFiles().Sum(f => f.Length) + announced > _most)
                throw new AgentException(
                    AgentError.InvalidRequest,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"layers that belong to no image yet may take {_most / 1e6:0} MB, and this one has {bytes / 1e6:0} MB more"),
                    "send fewer images at once, wait until layers that were left behind are removed (after a day), or raise [images] "
                    + "incoming in the node's agent.toml");
            Interlocked.Add(ref _announced, bytes);
        }
    }

    private FileStream Create(string name)
    {
        if (!File.Exists(name) && Directory.EnumerateFiles(_folder).Count() >= MaxFiles)
            throw new AgentException(
                AgentError.InvalidRequest, $"{_folder} has {MaxFiles} layers that belong to no image yet",
                "wait until they are removed (after a day), or remove them by hand");
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(name, options);
    }

    private static async Task HashAsync(FileStream file, IncrementalHash hash, CancellationToken cancellationToken)
    {
        if (file.Length == 0)
            return;
        var buffer = new byte[BufferSize];
        while (await file.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            hash.AppendData(buffer, 0, count);
    }

    private static AgentException Refused(string file, string why)
    {
        File.Delete(file);
        return new(AgentError.InvalidRequest, why, "send it again; nothing of it was kept");
    }

    private string FileOf(string layer) => Path.Combine(_folder, HexOf(layer));
}
