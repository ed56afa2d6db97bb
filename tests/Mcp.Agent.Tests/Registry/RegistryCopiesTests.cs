using Mcp.Agent.Registry;
using Mcp.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcp.Agent.Tests.Registry;

public sealed class RegistryCopiesTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private readonly TempFolder _folder = new();
    private readonly WatchedTimeProvider _time = new();

    private string Database => _folder.File("registry.db");

    private string[] Copies => [.. Directory.GetFiles(Path.Combine(_folder.Path, "copies")).Select(f => Path.GetFileName(f)).Order()];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Copies_AreMadeAtOnceAndEachDay_AndTheOldestGo()
    {
        _time.SetUtcNow(new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
        using var database = RegistryDatabase.Open(Database);
        new ServiceStore(database).Save(StoredServices.Full());
        using var copies = new RegistryCopies(database, new() { Keep = 2 }, _time, NullLogger<RegistryCopies>.Instance);

        await copies.StartAsync(default);
        for (var day = 0; day < 3; day++)
        {
            await _time.WaitForTimerAsync(Day);
            _time.Advance(Day);
        }
        await _time.WaitForTimerAsync(Day);
        await copies.StopAsync(default);

        Assert.Equal(["registry-20260103-120000.db", "registry-20260104-120000.db"], Copies);
        var newest = RegistryCopies.Newest(Database)!;
        Assert.EndsWith("registry-20260104-120000.db", newest, StringComparison.Ordinal);
        RegistryDatabase.Check(newest);
        using var copy = RegistryDatabase.Open(newest);
        Assert.Equal(StoredServices.Full(), new ServiceStore(copy).Find("shop"));
    }

    [Fact]
    public async Task Copies_OfTheLastDay_AreEnoughForAnotherStart()
    {
        _time.SetUtcNow(new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
        _folder.Write("copies/registry-20260101-110000.db", "");
        using var database = RegistryDatabase.Open(Database);
        using var copies = new RegistryCopies(database, new(), _time, NullLogger<RegistryCopies>.Instance);

        await copies.StartAsync(default);
        await _time.WaitForTimerAsync(TimeSpan.FromHours(23));
        await copies.StopAsync(default);

        Assert.Single(Copies);
    }

    [Fact]
    public void Open_DamagedPages_NamesTheNewestCopy()
    {
        using (var database = RegistryDatabase.Open(Database))
            new ServiceStore(database).Save(StoredServices.Full());
        _folder.Write("copies/registry-20260101-110000.db", "");
        var bytes = File.ReadAllBytes(Database);
        for (var i = 4096; i < bytes.Length; i += 4096)
            bytes.AsSpan(i, 500).Fill(0xA5);
        File.WriteAllBytes(Database, bytes);

        var damaged = Assert.Throws<AgentException>(() => RegistryDatabase.Open(Database));

        Assert.Equal(AgentError.RegistryCorrupt, damaged.Error);
        Assert.Contains("registry-20260101-110000.db, the newest copy", damaged.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Use_FileReplaced_IsRefusedAndWhatItHeldIsSaved()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var database = RegistryDatabase.Open(Database);
        var store = new ServiceStore(database);
        store.Save(StoredServices.Full());
        using (RegistryDatabase.Open(_folder.File("other.db")))
        {
        }
        File.Move(_folder.File("other.db"), Database, overwrite: true);

        Assert.Contains("removed or replaced", Assert.Throws<AgentException>(() => store.List()).Message, StringComparison.Ordinal);

        using var rescued = RegistryDatabase.Open(Database + ".rescued");
        Assert.Equal(StoredServices.Full(), new ServiceStore(rescued).Find("shop"));
    }
}
