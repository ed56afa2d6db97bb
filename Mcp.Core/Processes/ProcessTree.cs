using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Mcp.Core.Processes;

/// <summary>The processes below one process, from /proc; empty on other systems.</summary>
internal static class ProcessTree
{
    /// <summary>Ends everything from the given depth on; 1 is a direct child.</summary>
    public static void KillBelow(int root, int depth)
    {
        foreach (var id in Below(root, depth))
        {
            try
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
            {
                // Gone already, or another user's.
            }
        }
    }

    public static IReadOnlyList<int> Below(int root, int depth)
    {
        if (!OperatingSystem.IsLinux())
            return [];
        var children = Parents().ToLookup(p => p.Parent, p => p.Id);
        var level = new List<int> { root };
        var found = new List<int>();
        for (var below = 1; level.Count > 0; below++)
        {
            level = [.. level.SelectMany(id => children[id])];
            if (below >= depth)
                found.AddRange(level);
        }
        return found;
    }

    private static IEnumerable<(int Id, int Parent)> Parents()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                continue;
            string stat;
            try
            {
                stat = File.ReadAllText(folder + "/stat");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }
            // "id (name) state parent ...", and a name may hold anything, parentheses and blanks too.
            var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 1 && int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var parent))
                yield return (id, parent);
        }
    }
}
