using System.Globalization;

namespace Mcp.Bench.Measuring;

/// <summary>What the kernel says of a process that runs.</summary>
internal static class ProcessFigures
{
    private const double TicksASecond = 100;

    /// <summary>Resident memory in MB (10^6 bytes).</summary>
    public static double Resident(int id) => Line(id, "VmRSS") * 1024 / 1e6;

    /// <summary>The most that it ever was.</summary>
    public static double Peak(int id) => Line(id, "VmHWM") * 1024 / 1e6;

    /// <summary>Seconds of processor time of the process, and of those that it started and that have ended.</summary>
    public static double ProcessorTime(int id)
    {
        var fields = File.ReadAllText($"/proc/{id}/stat").Split(") ", 2)[1].Split(' ');
        return fields[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksASecond;
    }

    /// <summary>The process that has a text among its arguments.</summary>
    public static int Find(string argument) => Directory.EnumerateDirectories("/proc")
        .Where(folder => char.IsAsciiDigit(folder["/proc/".Length]) && Arguments(folder).Contains(argument))
        .Select(folder => int.Parse(folder["/proc/".Length..], CultureInfo.InvariantCulture))
        .First();

    private static double Line(int id, string name) => double.Parse(
        File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith(name + ":", StringComparison.Ordinal))
            .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private static string[] Arguments(string folder)
    {
        try
        {
            return File.ReadAllText(folder + "/cmdline").Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
