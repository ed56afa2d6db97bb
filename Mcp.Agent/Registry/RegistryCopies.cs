using System.Globalization;

namespace Mcp.Agent.Registry;

/// <summary>How many copies of the registry database the agent keeps, and how often it makes one.</summary>
internal sealed record CopyOptions
{
    /// <summary>0: none are made.</summary>
    public int Keep { get; init; } = 7;

    public TimeSpan Every { get; init; } = TimeSpan.FromHours(24);
}

/// <summary>Copies of the registry database in the folder "copies" beside it, for the day on which it is lost or damaged.</summary>
internal sealed class RegistryCopies(RegistryDatabase database, CopyOptions options, TimeProvider time, ILogger<RegistryCopies> log)
    : BackgroundService
{
    private const string Format = "yyyyMMdd-HHmmss";
    private const string Prefix = "registry-";
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(10);

    /// <summary>The newest copy; null: there is none.</summary>
    /// <param name="database">The database's path.</param>
    public static string? Newest(string database) => Find(database).Select(c => c.Path).LastOrDefault();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Keep == 0)
            return;
        var next = Find(database.Path).Select(c => (DateTimeOffset?)c.At).LastOrDefault() + options.Every ?? time.GetUtcNow();
        while (true)
        {
            var pause = next - time.GetUtcNow();
            await Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            // Nothing of it on the thread that starts the agent.
            next = time.GetUtcNow() + (await Task.Run(Make, CancellationToken.None) ? options.Every : AfterFailure);
        }
    }

    /// <returns>False when it failed, which is logged.</returns>
    private bool Make()
    {
        var name = Prefix + time.GetUtcNow().ToString(Format, CultureInfo.InvariantCulture) + ".db";
        var target = Path.Combine(Folder(database.Path), name);
        try
        {
            // A crash must not leave half a copy under the name of a whole one.
            if (File.Exists(target + ".part"))
                File.Delete(target + ".part");
            database.Backup(target + ".part");
            File.Move(target + ".part", target);
            foreach (var (old, _) in Find(database.Path).SkipLast(options.Keep))
                File.Delete(old);
            return true;
        }
        catch (Exception e) when (e is AgentException or IOException or UnauthorizedAccessException)
        {
            log.LogError("The registry database could not be copied: {Problem}; the agent tries again in {Pause}", e.Message, AfterFailure);
            return false;
        }
    }

    /// <summary>Oldest first.</summary>
    private static List<(string Path, DateTimeOffset At)> Find(string database)
    {
        var folder = Folder(database);
        if (!Directory.Exists(folder))
            return [];
        return [.. Directory.EnumerateFiles(folder, Prefix + "*.db").Select(path => (path, TimeOf(path))).Where(c => c.Item2 is not null)
            .Select(c => (c.path, c.Item2!.Value)).OrderBy(c => c.Value)];
    }

    private static DateTimeOffset? TimeOf(string path) => DateTimeOffset.TryParseExact(
        Path.GetFileNameWithoutExtension(path)[Prefix.Length..], Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
        out var at) ? at : null;

    private static string Folder(string database) => Path.Combine(Path.GetDirectoryName(database)!, "copies");
}
