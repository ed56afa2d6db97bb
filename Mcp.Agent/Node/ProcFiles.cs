using System.Globalization;

namespace Mcp.Agent.Node;

/// <summary>Reads what Linux says in /proc; proc(5) is the source of each format. Text in, figures out; null where a figure is
/// missing.</summary>
internal static class ProcFiles
{
    /// <summary>/proc/stat: the line of all processors together. Guest time is part of user time already.</summary>
    public static CpuTimes? ParseCpu(string stat)
    {
        var fields = Line(stat, "cpu ")?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields is not { Length: >= 5 })
            return null;

        // cpu user nice system idle iowait irq softirq steal guest guest_nice; old kernels end earlier.
        long total = 0;
        for (var i = 1; i < Math.Min(fields.Length, 9); i++)
        {
            if (!TryParse(fields[i], out var ticks))
                return null;
            total += ticks;
        }
        var idle = long.Parse(fields[4], CultureInfo.InvariantCulture) + (
            fields.Length > 5 ? long.Parse(fields[5], CultureInfo.InvariantCulture) : 0);
        return new(total - idle, total);
    }

    /// <summary>/proc/meminfo. "Available" is what programs can still get, caches that can be dropped included.</summary>
    public static MemoryFigures? ParseMemory(string meminfo)
    {
        if (Kibibytes(meminfo, "MemTotal:") is not { } total)
            return null;
        var available = Kibibytes(meminfo, "MemAvailable:") ?? Kibibytes(meminfo, "MemFree:") ?? 0;
        return new(total, available);
    }

    /// <summary>/proc/loadavg: averages over 1, 5 and 15 minutes.</summary>
    public static double[] ParseLoad(string loadavg)
    {
        var fields = loadavg.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var load = new double[3];
        for (var i = 0; i < load.Length; i++)
            if (i >= fields.Length || !double.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out load[i]))
                return [];
        return load;
    }

    /// <summary>/proc/uptime: seconds since boot, then idle seconds.</summary>
    public static TimeSpan? ParseUptime(string uptime) =>
        double.TryParse(uptime.Split(' ', 2)[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>os-release(5): the name that people know the system by.</summary>
    public static string? ParseOsName(string osRelease) =>
        Line(osRelease, "PRETTY_NAME=")?["PRETTY_NAME=".Length..].Trim().Trim('"', '\'') is { Length: > 0 } name ? name : null;

    private static long? Kibibytes(string text, string key) =>
        Line(text, key)?[key.Length..].Trim().Split(' ') is [var number, ..] && TryParse(number, out var value) ? value * 1024 : null;

    private static string? Line(string text, string start) =>
        text.Split('\n').FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal));

    private static bool TryParse(string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
