using System.Buffers.Binary;
using System.Text;

namespace Mcp.Core.Containers.Engine;

/// <summary>
/// Reads what a command writes: frames (stream number, three zeroes, length, payload), both streams as they come. Keeps the end.
/// </summary>
internal static class ExecOutput
{
    private const int HeaderLength = 8;

    public static async Task<string> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderLength];
        var buffer = new byte[16 * 1024];
        var kept = new Queue<byte>(ExecResult.MaxOutput);
        while (await stream.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false,
            cancellationToken).ConfigureAwait(false) == HeaderLength)
        {
            for (long left = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4)); left > 0;)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)),
                    cancellationToken).ConfigureAwait(false);
                if (read == 0)
                    return Text(kept);
                Keep(kept, buffer.AsSpan(0, read));
                left -= read;
            }
        }
        return Text(kept);
    }

    private static void Keep(Queue<byte> kept, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes[Math.Max(0, bytes.Length - ExecResult.MaxOutput)..])
        {
            if (kept.Count == ExecResult.MaxOutput)
                kept.Dequeue();
            kept.Enqueue(b);
        }
    }

    private static string Text(Queue<byte> kept) => Encoding.UTF8.GetString([.. kept]);
}
