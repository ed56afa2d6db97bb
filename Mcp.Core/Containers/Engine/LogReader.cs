using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Mcp.Core.Containers.Engine;

/// <summary>
/// Reads an engine's log stream, asked for with timestamps. Without a terminal it comes in frames (stream number, three zeroes, length,
/// payload); with one it is bare text.
/// </summary>
internal static class LogReader
{
    private const int HeaderLength = 8;

    // Frames of both engines are at most some 16 KiB; a length beyond this is no frame.
    private const int LongestFrame = 64 * 1024 * 1024;

    public static async IAsyncEnumerable<ContainerLogLine> ReadAsync(Stream stream,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var header = new byte[HeaderLength];
        var got = await stream.ReadAtLeastAsync(header, 1, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (got == 0)
            yield break;
        // Text begins with the digit of a timestamp, a frame with 0 to 2.
        var lines = header[0] > 2
            ? ReadTextAsync(stream, header.AsMemory(0, got), cancellationToken)
            : ReadFramesAsync(stream, header, got, cancellationToken);
        await foreach (var line in lines.ConfigureAwait(false))
            yield return line;
    }

    private static async IAsyncEnumerable<ContainerLogLine> ReadFramesAsync(Stream stream, byte[] header, int got,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var output = new LogLineAssembler(isError: false);
        var error = new LogLineAssembler(isError: true);
        var payload = new byte[32 * 1024];
        while (true)
        {
            got += await stream.ReadAtLeastAsync(header.AsMemory(got), HeaderLength - got, throwOnEndOfStream: false,
                cancellationToken).ConfigureAwait(false);
            if (got < HeaderLength)
                break;
            var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
            if (length > LongestFrame)
                throw new IOException($"a log frame of {length} bytes cannot be right");
            if (payload.Length < length)
                payload = new byte[length];
            var read = await stream.ReadAtLeastAsync(payload.AsMemory(0, (int)length), (int)length, throwOnEndOfStream: false,
                cancellationToken).ConfigureAwait(false);
            foreach (var line in (header[0] == 2 ? error : output).AddFrame(payload.AsMemory(0, read)))
                yield return line;
            got = 0;
        }
        foreach (var assembler in (LogLineAssembler[])[output, error])
            if (assembler.Flush() is { } last)
                yield return last;
    }

    private static async IAsyncEnumerable<ContainerLogLine> ReadTextAsync(Stream stream, ReadOnlyMemory<byte> first,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var assembler = new LogLineAssembler(isError: false);
        foreach (var line in assembler.AddText(first))
            yield return line;
        var buffer = new byte[32 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
            foreach (var line in assembler.AddText(buffer.AsMemory(0, read)))
                yield return line;
        if (assembler.Flush() is { } last)
            yield return last;
    }
}
