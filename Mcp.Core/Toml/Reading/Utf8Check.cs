using System.Buffers;
using System.Text;

namespace Mcp.Core.Toml.Reading;

internal static class Utf8Check
{
    /// <summary>How many bytes from the start are valid UTF-8.</summary>
    public static int ValidLength(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out _, out var used) != OperationStatus.Done)
                return at;
            at += used;
        }
        return at;
    }
}
