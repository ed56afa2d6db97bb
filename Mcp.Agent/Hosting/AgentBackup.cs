using System.Formats.Tar;
using System.Globalization;
using Mcp.Agent.Registry;
using Mcp.Core;

namespace Mcp.Agent.Hosting;

/// <summary>An agent's state as one tar file: registry database, tokens, id, certificate and key. A copy of the registry database alone is
/// a backup as well.</summary>
internal static class AgentBackup
{
    private const string Registry = "registry.db";

    /// <returns>What the backup has.</returns>
    /// <exception cref="StartupException">The file exists, or can't be written.</exception>
    public static IReadOnlyList<string> Write(DataDirectory data, string target)
    {
        if (!File.Exists(data.Database))
            throw new StartupException(
                ExitCodes.Failed, $"there is no registry database {data.Database} to back up", "name the agent with --config or --dir");
        if (File.Exists(target))
            throw new StartupException(ExitCodes.Failed, $"{target} exists already", "name a file that does not exist yet");
        try
        {
            using var folder = new WorkFolder(Path.GetDirectoryName(target)!);
            var database = Path.Combine(folder.Path, Registry);
            using (var registry = RegistryDatabase.Open(data.Database))
                registry.Backup(database);
            List<string> files = [database, .. Others(data).Where(File.Exists)];
            var unfinished = Path.Combine(folder.Path, "backup.tar");
            using (var stream = PrivateFile.OpenExclusive(unfinished))
            using (var tar = new TarWriter(stream))
                foreach (var file in files)
                    tar.WriteEntry(file, Path.GetFileName(file));
            File.Move(unfinished, target);
            return [.. files.Select(f => Path.GetFileName(f))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(ExitCodes.Failed, $"the backup can't be written: {e.Message}",
                "write to a folder that exists, that this user may write to, and that has space", e);
        }
    }

    /// <summary>Nothing is changed before the backup is known to be sound.</summary>
    /// <returns>What was restored, and the folder of what was there before.</returns>
    /// <exception cref="StartupException">The agent runs, or the file is no backup.</exception>
    /// <exception cref="AgentException">The registry database in it is not sound, or a newer agent's.</exception>
    public static (IReadOnlyList<string> Names, string Aside) Restore(DataDirectory data, string source)
    {
        data.Create();
        using var held = DataDirectoryLock.Take(data);
        try
        {
            using var folder = new WorkFolder(data.Root);
            var restored = Unpack(source, data, folder.Path);
            RegistryDatabase.Check(Path.Combine(folder.Path, Registry));
            var aside = Path.Combine(
                data.Root, "before-restore-" + TimeProvider.System.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));
            new DataDirectory(aside).Create();
            foreach (var name in restored.Concat([Registry + "-wal", Registry + "-shm"]))
                if (File.Exists(Path.Combine(data.Root, name)))
                    File.Move(Path.Combine(data.Root, name), Path.Combine(aside, name));
            foreach (var name in restored)
                File.Move(Path.Combine(folder.Path, name), Path.Combine(data.Root, name));
            return (restored, aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new StartupException(ExitCodes.Failed, $"{source} can't be restored: {e.Message}",
                "name a file that `mcp-agent backup` has written, or a copy of the registry database", e);
        }
    }

    private static IEnumerable<string> Others(DataDirectory data) => [data.Tokens, data.AgentId, data.Certificate, data.Key];

    /// <returns>The names of the files, one of which is the registry database.</returns>
    private static List<string> Unpack(string source, DataDirectory data, string folder)
    {
        if (IsDatabase(source))
        {
            Copy(source, Path.Combine(folder, Registry));
            return [Registry];
        }
        HashSet<string> known = [Registry, .. Others(data).Select(f => Path.GetFileName(f))];
        var names = new List<string>();
        using var stream = File.OpenRead(source);
        using var tar = new TarReader(stream);
        while (tar.GetNextEntry() is { } entry)
        {
            // Nothing of a name that was not written by a backup: it could lead anywhere.
            if (!known.Remove(entry.Name) || entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                throw new InvalidDataException($"it has '{SafeText.Line(entry.Name, 100)}', which no backup has");
            using var target = PrivateFile.OpenExclusive(Path.Combine(folder, entry.Name));
            entry.DataStream?.CopyTo(target);
            names.Add(entry.Name);
        }
        return names.Contains(Registry) ? names : throw new InvalidDataException("it has no registry database");
    }

    private static bool IsDatabase(string path)
    {
        Span<byte> start = stackalloc byte[16];
        using var stream = File.OpenRead(path);
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && start.SequenceEqual("SQLite format 3\0"u8);
    }

    private static void Copy(string source, string target)
    {
        using var from = File.OpenRead(source);
        using var to = PrivateFile.OpenExclusive(target);
        from.CopyTo(to);
    }

    /// <summary>Beside where the files are to go, so that they are moved and not copied; for their owner alone.</summary>
    private sealed class WorkFolder : IDisposable
    {
        public WorkFolder(string parent)
        {
            Path = System.IO.Path.Combine(parent, ".mcp-backup-" + System.IO.Path.GetRandomFileName());
            new DataDirectory(Path).Create();
        }

        public string Path { get; }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
