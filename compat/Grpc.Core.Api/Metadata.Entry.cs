using System.Buffers;
using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>One key with its text, or with its bytes where the key ends in <c>-bin</c>. Keys are lower-cased.</summary>
    public class Entry
    {
        private static readonly SearchValues<char> KeyCharacters =
            SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

        private readonly string? text;
        private readonly byte[]? bytes;

        public Entry(string key, byte[] valueBytes)
        {
            ArgumentNullException.ThrowIfNull(valueBytes);
            Key = NormalizeKey(key);
            if (!IsBinary)
                throw new ArgumentException($"The key of a binary metadata entry ends in '{BinaryHeaderSuffix}'.", nameof(key));
            bytes = (byte[])valueBytes.Clone();
        }

        public Entry(string key, string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Key = NormalizeKey(key);
            if (IsBinary)
                throw new ArgumentException($"Only the key of a binary metadata entry ends in '{BinaryHeaderSuffix}'.", nameof(key));
            text = value;
        }

        public string Key { get; }

        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        public string Value => text ?? Encoding.ASCII.GetString(bytes!);

        public byte[] ValueBytes => text is null ? (byte[])bytes!.Clone() : Encoding.ASCII.GetBytes(text);

        public override string ToString() => text is null
            ? $"[Entry: key={Key}, valueBytes={Convert.ToHexString(bytes!)}]"
            : $"[Entry: key={Key}, value={text}]";

        private static string NormalizeKey(string key)
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
#pragma warning disable CA1308 // HTTP/2 header names are lower case.
            var normalized = key.ToLowerInvariant();
#pragma warning restore CA1308
            return normalized.AsSpan().ContainsAnyExcept(KeyCharacters)
                ? throw new ArgumentException($"Metadata key '{key}' has a character other than a-z, 0-9, '.', '_' and '-'.", nameof(key))
                : normalized;
        }
    }
}
