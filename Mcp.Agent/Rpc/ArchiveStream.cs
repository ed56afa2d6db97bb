using Grpc.Core;
using Mcp.V1;

namespace Mcp.Agent.Rpc;

/// <summary>The chunks of a LoadImage call as a stream. Ends only where the caller says so: an interrupted call never looks like a
/// short archive.</summary>
internal sealed class ArchiveStream(IAsyncStreamReader<LoadImageRequest> requests, CancellationToken call) : Stream
{
    private ReadOnlyMemory<byte> _chunk;
    private bool _ended;

    public long Received { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_chunk.IsEmpty && !_ended)
            await NextAsync(cancellationToken);
        var count = Math.Min(buffer.Length, _chunk.Length);
        _chunk[..count].CopyTo(buffer);
        _chunk = _chunk[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read it asynchronously");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async Task NextAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(call, cancellationToken);
        try
        {
            if (!await requests.MoveNext(either.Token))
                throw Incomplete("the transfer was interrupted");
        }
        catch (Exception e) when (call.IsCancellationRequested && e is not OperationCanceledException)
        {
            throw new OperationCanceledException("the caller left", e, call);
        }

        switch (requests.Current.PartCase)
        {
            case LoadImageRequest.PartOneofCase.Chunk:
                _chunk = requests.Current.Chunk.Memory;
                Received += _chunk.Length;
                break;
            case LoadImageRequest.PartOneofCase.End when requests.Current.End.Size == Received:
                _ended = true;
                break;
            default:
                throw Incomplete("the archive is incomplete");
        }
    }

    private AgentException Incomplete(string what) =>
        new(AgentError.InvalidRequest, $"{what} after {Received} bytes; nothing of it was stored on the node", "send it again");
}
