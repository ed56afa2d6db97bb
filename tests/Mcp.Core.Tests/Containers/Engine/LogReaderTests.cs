using System.Buffers.Binary;
using System.Text;
using Mcp.Core.Containers;
using Mcp.Core.Containers.Engine;

namespace Mcp.Core.Tests.Containers.Engine;

public sealed class LogReaderTests
{
    private const string T1 = "2026-11-22T13:11:16Z";
    private const string T2 = "2026-11-22T14:11:18.887755648+01:00";

    [Fact]
    public async Task Read_FramesOfBothStreams_KeepStreamAndTime()
    {
        var lines = await ReadAsync([.. Frame(1, T1 + " out\n"), .. Frame(2, T2 + " err\n")]);

        Assert.Equal(
            [new(At(13, 11, 16), false, "out"), new(At(13, 11, 18).AddTicks(8877556), true, "err")],
            lines);
    }

    [Fact]
    public async Task Read_LineInPiecesEachWithTimestamp_IsOneLineWithTheFirstTime()
    {
        var lines = await ReadAsync(
            [.. Frame(1, T1 + " aaa"), .. Frame(2, T1 + " other\n"), .. Frame(1, T2 + " bbb"), .. Frame(1, T2 + " \n"),
                .. Frame(1, T2 + " next\n")]);

        Assert.Equal(["other", "aaabbb", "next"], lines.Select(l => l.Text));
        Assert.Equal(At(13, 11, 16), lines[1].At);
    }

    [Fact]
    public async Task Read_CharacterCutBetweenFrames_IsWhole()
    {
        var cheese = Encoding.UTF8.GetBytes("🧀\n");
        var stamp = Encoding.UTF8.GetBytes(T1 + " ");

        var lines = await ReadAsync([.. Frame(1, [.. stamp, .. cheese[..2]]), .. Frame(1, [.. stamp, .. cheese[2..]])]);

        Assert.Equal("🧀", Assert.Single(lines).Text);
    }

    [Fact]
    public async Task Read_SeveralLinesInOneFrame_AreTakenApart() =>
        Assert.Equal(["a", "", "c"], (await ReadAsync(Frame(1, $"{T1} a\n{T1} \n{T2} c\n"))).Select(l => l.Text));

    [Fact]
    public async Task Read_LastLineWithoutEnd_IsGiven() =>
        Assert.Equal(["a", "b"], (await ReadAsync([.. Frame(1, T1 + " a\n"), .. Frame(1, T1 + " b")])).Select(l => l.Text));

    [Fact]
    public async Task Read_TextThatLooksLikeNoTimestamp_IsKept() =>
        Assert.Equal(["2026 was a year of change"], (await ReadAsync(Frame(1, T1 + " 2026 was a year of change\n"))).Select(l => l.Text));

    [Fact]
    public async Task Read_Terminal_IsBareTextWithCarriageReturns()
    {
        var lines = await ReadAsync(Encoding.UTF8.GetBytes($"{T1} hi\r\n{T2} a\rb Käse\r\n{T1} unfinished"));

        Assert.Equal(["hi", "a\rb Käse", "unfinished"], lines.Select(l => l.Text));
        Assert.All(lines, line => Assert.False(line.IsError));
        Assert.Equal(At(13, 11, 16), lines[2].At);
    }

    [Fact]
    public async Task Read_Nothing_IsNothing() => Assert.Empty(await ReadAsync([]));

    [Fact]
    public async Task Read_FrameCutOff_GivesWhatThereIs() =>
        Assert.Equal(["a", "bro"], (await ReadAsync([.. Frame(1, T1 + " a\n"), .. Frame(1, T1 + " broken\n")[..^4]])).Select(l => l.Text));

    [Fact]
    public async Task Read_LineWithoutEnd_DoesNotGrowForEver()
    {
        var piece = Frame(1, T1 + " " + new string('x', 16 * 1024));

        var lines = await ReadAsync([.. Enumerable.Repeat(piece, 200).SelectMany(p => p)]);

        Assert.True(lines.Count > 1 && lines.All(l => l.Text.Length < 2 * 1024 * 1024));
        Assert.Equal(200 * 16 * 1024, lines.Sum(l => l.Text.Length));
    }

    private static DateTimeOffset At(int hour, int minute, int second) => new(2026, 11, 22, hour, minute, second, TimeSpan.Zero);

    private static byte[] Frame(byte stream, string text) => Frame(stream, Encoding.UTF8.GetBytes(text));

    private static byte[] Frame(byte stream, byte[] payload)
    {
        var frame = new byte[8 + payload.Length];
        frame[0] = stream;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), payload.Length);
        payload.CopyTo(frame, 8);
        return frame;
    }

    /// <summary>As a network would deliver it: a few bytes at a time.</summary>
    private static async Task<List<ContainerLogLine>> ReadAsync(byte[] bytes)
    {
        var lines = new List<ContainerLogLine>();
        await foreach (var line in LogReader.ReadAsync(new Trickle(bytes), default))
            lines.Add(line);
        return lines;
    }

    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        private readonly int _step = bytes.Length > 10_000 ? 5_003 : 3;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(_step, buffer.Length)], cancellationToken);
    }
}
