using System.Text;

namespace Mcp.EndToEnd.Fuzz;

/// <summary>Changes bytes at random: the same random source makes the same changes.</summary>
internal static class Mutator
{
    // Numbers and texts at which code tends to go wrong, as they stand in protobuf, HTTP/2 and TOML.
    private static readonly byte[][] Interesting =
    [
        [0x00], [0x7f], [0x80], [0xff], [0xff, 0xff, 0xff, 0xff, 0x0f], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        [0x80, 0x80, 0x80, 0x80, 0xf8, 0xff, 0xff, 0xff, 0xff, 0x01], [0xff, 0xff, 0xff, 0x7f], [0x7f, 0xff, 0xff, 0xff],
        [.. "../../etc/passwd"u8], [.. "\u001b]0;x\u0007"u8], [.. "\r\n"u8], [.. "%s%n"u8], [.. "';--"u8], [.. "\"\"\""u8], [.. "[[["u8],
        [0xc0, 0x80], [0xed, 0xa0, 0x80], Encoding.UTF8.GetBytes(new string('a', 5000)),
    ];

    public static byte[] Mutate(byte[] source, Random random)
    {
        var bytes = new List<byte>(source);
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(1, 17), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0 when length > 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when length > 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.InsertRange(at, Interesting[random.Next(Interesting.Length)]);
                    break;
                case 3 when length > 0:
                    bytes.RemoveRange(at, length);
                    break;
                case 4 when length > 0:
                    // Up to a few thousand times: lists and nesting.
                    var part = bytes.GetRange(at, length);
                    bytes.InsertRange(at, Enumerable.Repeat(part, 1 << random.Next(12)).SelectMany(p => p));
                    break;
                case 5 when bytes.Count > 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    var other = random.Next(bytes.Count + 1);
                    bytes.InsertRange(at, bytes.GetRange(other, Math.Min(random.Next(64), bytes.Count - other)));
                    break;
            }
        }
        return [.. bytes];
    }
}
