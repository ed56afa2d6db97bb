using System.Net;
using System.Net.Http.Headers;

namespace Mcp.Core.Containers.Engine;

/// <summary>
/// An archive as a request's body, passed on as it comes. Keeps what reading it threw: to the engine's connection that is just a broken
/// request.
/// </summary>
internal sealed class ArchiveContent : HttpContent
{
    private const int BufferSize = 256 * 1024;

    private readonly Stream _archive;

    public ArchiveContent(Stream archive)
    {
        _archive = archive;
        Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
    }

    public Exception? ReadFailure { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        while (await ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private async Task<int> ReadAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await _archive.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            ReadFailure = e;
            throw;
        }
    }
}
