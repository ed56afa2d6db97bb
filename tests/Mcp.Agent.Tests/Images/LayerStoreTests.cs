using System.Text;
using Mcp.Agent.Images;
using Mcp.Core.Containers;
using Mcp.Testing;
using Mcp.Testing.Containers;
using Mcp.Testing.Engines;
using Microsoft.Extensions.Time.Testing;

namespace Mcp.Agent.Tests.Images;

public sealed class LayerStoreTests : IDisposable
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("a layer of some bytes");
    private static readonly string Layer = TestImage.Digest(Content);

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private long? _free = 1L << 40;
    private LayerStore _store;

    public LayerStoreTests() => _store = Open();

    private string Folder => Path.Combine(_folder.Path, "layers");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Receive_WholeLayer_CountsAndIsForTheOwnerOnly()
    {
        Assert.Equal([0, Content.Length], await ReceiveAsync(Content));

        Assert.Equal(Content.Length, _store.SizeOf(Layer));
        var file = Assert.Single(Directory.GetFiles(Folder));
        Assert.Equal(Layer["sha256:".Length..], Path.GetFileName(file));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
        }
    }

    [Fact]
    public async Task Receive_Interrupted_ContinuesAlsoAfterARestart()
    {
        var error = await Assert.ThrowsAsync<AgentException>(() => ReceiveAsync(Content[..7]));
        Assert.Equal($"{Layer} was interrupted after 7 of {Content.Length} bytes", error.Message);
        Assert.Null(_store.SizeOf(Layer));
        _store = Open();

        Assert.Equal([7, Content.Length], await ReceiveAsync(Content[7..]));

        Assert.Equal(Content.Length, _store.SizeOf(Layer));
    }

    [Fact]
    public async Task Receive_AgainWhatIsThere_TakesNothing()
    {
        await ReceiveAsync(Content);

        Assert.Equal([Content.Length], await ReceiveAsync([]));
    }

    [Fact]
    public async Task Receive_OtherContent_IsRefusedAndKeepsNothing()
    {
        await Assert.ThrowsAsync<AgentException>(() => ReceiveAsync(Content[..7]));

        var error = await Assert.ThrowsAsync<AgentException>(() => ReceiveAsync([.. Content[8..], 0]));

        Assert.StartsWith($"what was sent as {Layer} is sha256:", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder));
        Assert.Equal([0, Content.Length], await ReceiveAsync(Content));
    }

    [Fact]
    public async Task Receive_MoreThanAnnounced_IsRefusedAndKeepsNothing()
    {
        var error = await Assert.ThrowsAsync<AgentException>(() => ReceiveAsync([.. Content, 0]));

        Assert.Equal($"{Layer} is longer than the {Content.Length} bytes that were announced", error.Message);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256:../../../../../../../../../../../../../../../../../../../../../etc/passwd")]
    [InlineData("sha256:ABCDEF0000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sha512:0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Receive_UnderNoDigest_IsRefused(string layer)
    {
        await Assert.ThrowsAsync<AgentException>(() => _store.ReceiveAsync(layer, 1, Chunks([1]), _ => Task.CompletedTask, default));

        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public async Task Receive_NoRoom_IsDiskFullBeforeAnythingIsSent()
    {
        _free = 64 * 1024 * 1024 + 5;

        var error = await Assert.ThrowsAsync<EngineException>(() => ReceiveAsync(Content));

        Assert.Equal(EngineError.DiskFull, error.Error);
        Assert.Contains(Folder, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_DiskFullInTheMiddle_SaysSoAndMakesRoom()
    {
        var content = new byte[2 << 20];
        Directory.CreateDirectory(Folder);
        try
        {
            await ChildProcess.RunAsync("/bin/mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", Folder]);
        }
        catch (InvalidOperationException)
        {
            return; // Only root may mount.
        }
        try
        {
            _free = null;
            var chunks = content.Chunk(1 << 18).Select(c => (ReadOnlyMemory<byte>)c).ToAsyncEnumerable();

            var error = await Assert.ThrowsAsync<EngineException>(
                () => _store.ReceiveAsync(TestImage.Digest(content), content.Length, chunks, _ => Task.CompletedTask, default));

            Assert.Equal(EngineError.DiskFull, error.Error);
            Assert.Empty(Directory.GetFiles(Folder));
        }
        finally
        {
            await TestEngine.UnmountAsync(_folder.Path);
        }
    }

    [Fact]
    public async Task Receive_NegativeSize_IsRefused() => await Assert.ThrowsAsync<AgentException>(
        () => _store.ReceiveAsync(Layer, -1, Chunks([1]), _ => Task.CompletedTask, default));

    [Fact]
    public async Task RemoveOld_AfterADay_RemovesWhatNobodyCameBackFor()
    {
        await ReceiveAsync(Content);
        _time.Advance(LayerStore.KeptFor - TimeSpan.FromMinutes(5));
        _store.RemoveOld();
        Assert.NotNull(_store.SizeOf(Layer));

        _time.Advance(TimeSpan.FromMinutes(10));
        _store = Open();

        Assert.Null(_store.SizeOf(Layer));
    }

    [Fact]
    public async Task Receive_TwoThatFitAloneAndNotTogether_RefusesTheSecondUntilTheFirstHasArrived()
    {
        var (first, second) = (new byte[1 << 20], Enumerable.Repeat((byte)1, 1 << 20).ToArray());
        _free = DiskSpace.Reserve + (3 << 19);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var receiving = ReceiveAsync(_store, first, async () =>
        {
            begun.TrySetResult();
            await goOn.Task;
        });
        await begun.Task;

        var refused = await Assert.ThrowsAsync<EngineException>(() => ReceiveAsync(_store, second));
        goOn.SetResult();
        await receiving;

        Assert.Equal(EngineError.DiskFull, refused.Error);
        // The fake disk does not shrink: what has arrived no longer counts.
        await ReceiveAsync(_store, second);
    }

    [Fact]
    public async Task Receive_MoreThanTheQuota_IsRefusedAndNamesTheSetting()
    {
        var store = new LayerStore(Folder, _time, new DiskSpace(_ => _free), most: 3 << 19);
        var (first, second) = (new byte[1 << 20], Enumerable.Repeat((byte)1, 1 << 20).ToArray());
        await ReceiveAsync(store, first);

        var refused = await Assert.ThrowsAsync<AgentException>(() => ReceiveAsync(store, second));

        Assert.Contains("[images] incoming", refused.Remedy, StringComparison.Ordinal);
        store.Remove([TestImage.Digest(first)]);
        await ReceiveAsync(store, second);
    }

    private static Task ReceiveAsync(LayerStore store, byte[] content, Func<Task>? stored = null) => store.ReceiveAsync(
        TestImage.Digest(content), content.Length, content.Chunk(1 << 18).Select(c => (ReadOnlyMemory<byte>)c).ToAsyncEnumerable(),
        _ => stored?.Invoke() ?? Task.CompletedTask, default);

    private LayerStore Open() => new(Folder, _time, new DiskSpace(_ => _free));

    /// <returns>What the store told to have.</returns>
    private async Task<List<long>> ReceiveAsync(byte[] bytes)
    {
        var stored = new List<long>();
        await _store.ReceiveAsync(Layer, Content.Length, Chunks(bytes), Stored, default);
        return stored;

        Task Stored(long count)
        {
            stored.Add(count);
            return Task.CompletedTask;
        }
    }

    private static IAsyncEnumerable<ReadOnlyMemory<byte>> Chunks(byte[] bytes) =>
        bytes.Chunk(4).Select(c => (ReadOnlyMemory<byte>)c).ToAsyncEnumerable();
}
