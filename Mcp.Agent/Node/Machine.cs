using System.Runtime.InteropServices;
using Mcp.Core.Collections;

namespace Mcp.Agent.Node;

/// <summary>The figures of the machine this runs on; what the system does not tell is zero or empty, never an error.</summary>
internal static class Machine
{
    public static CpuTimes? Cpu() =>
        OperatingSystem.IsWindows() ? WindowsFigures.Cpu() : Read("/proc/stat") is { } text ? ProcFiles.ParseCpu(text) : null;

    public static MemoryFigures Memory() =>
        (OperatingSystem.IsWindows() ? WindowsFigures.Memory() : Read("/proc/meminfo") is { } text ? ProcFiles.ParseMemory(text) : null)
            ?? default;

    public static ValueList<double> Load() => Read("/proc/loadavg") is { } text ? ProcFiles.ParseLoad(text).ToValueList() : [];

    public static TimeSpan Uptime() =>
        (Read("/proc/uptime") is { } text ? ProcFiles.ParseUptime(text) : null) ?? TimeSpan.FromMilliseconds(Environment.TickCount64);

    public static string OsName() =>
        (Read("/etc/os-release") ?? Read("/usr/lib/os-release")) is { } text && ProcFiles.ParseOsName(text) is { } name ? name
            : RuntimeInformation.OSDescription;

    private static string? Read(string path)
    {
        if (OperatingSystem.IsWindows())
            return null;
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
