using System.Buffers;
using System.Text;

namespace Mcp.Core.Containers.Engine;

/// <summary>
/// Assembles the lines of one stream. Engines cut long lines, also in the middle of a UTF-8 character, and repeat the timestamp on each
/// piece; so bytes are collected and decoded per line.
/// </summary>
internal sealed class LogLineAssembler(bool isError)
{
    /// <summary>So that a line without an end does not fill the memory.</summary>
    private const int LongestLine = 1024 * 1024;

    // "2026-11-22T13:11:18.887755648+02:00"
    private const int LongestTimestamp = 35;

    private readonly ArrayBufferWriter<byte> _line = new();
    private DateTimeOffset? _at;

    /// <summary>One frame: each of its lines, and a continued one as well, begins with a timestamp.</summary>
    public IEnumerable<ContainerLogLine> AddFrame(ReadOnlyMemory<byte> frame)
    {
        while (!frame.IsEmpty)
        {
            frame = TakeTimestamp(frame);
            var end = frame.Span.IndexOf((byte)'\n');
            _line.Write(frame.Span[..(end < 0 ? frame.Length : end)]);
            if ((end >= 0 || _line.WrittenCount >= LongestLine) && End() is { } line)
                yield return line;
            frame = end < 0 ? default : frame[(end + 1)..];
        }
    }

    /// <summary>Bare text, cut anywhere; each line begins with a timestamp.</summary>
    public IEnumerable<ContainerLogLine> AddText(ReadOnlyMemory<byte> text)
    {
        while (!text.IsEmpty)
        {
            var end = text.Span.IndexOf((byte)'\n');
            _line.Write(text.Span[..(end < 0 ? text.Length : end)]);
            if ((end >= 0 || _line.WrittenCount >= LongestLine) && EndText() is { } line)
                yield return line;
            text = end < 0 ? default : text[(end + 1)..];
        }
    }

    /// <summary>The unfinished last line.</summary>
    public ContainerLogLine? Flush() => _line.WrittenCount == 0 && _at is null ? null : _at is null ? EndText() : End();

    private ContainerLogLine EndText()
    {
        var whole = _line.WrittenSpan.ToArray();
        _line.ResetWrittenCount();
        _line.Write(TakeTimestamp(whole).Span);
        return End();
    }

    private ContainerLogLine End()
    {
        var bytes = _line.WrittenSpan;
        if (bytes.EndsWith("\r"u8))
            bytes = bytes[..^1];
        var line = new ContainerLogLine(_at ?? default, isError, Encoding.UTF8.GetString(bytes));
        _line.ResetWrittenCount();
        _at = null;
        return line;
    }

    private ReadOnlyMemory<byte> TakeTimestamp(ReadOnlyMemory<byte> bytes)
    {
        var head = bytes.Span[..Math.Min(bytes.Length, LongestTimestamp + 1)];
        var space = head.IndexOf((byte)' ');
        if (space < 20 || head[10] != 'T' || !EngineTime.TryParse(Encoding.ASCII.GetString(head[..space]), out var at))
            return bytes;
        _at ??= at;
        return bytes[(space + 1)..];
    }
}
