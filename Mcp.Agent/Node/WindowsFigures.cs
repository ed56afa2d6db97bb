using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Mcp.Agent.Node;

/// <summary>Windows has no /proc: two calls of kernel32 give the same figures.</summary>
[SupportedOSPlatform("windows")]
internal static partial class WindowsFigures
{
    public static CpuTimes? Cpu()
    {
        // Kernel time includes idle time. 100 ns units.
        if (!GetSystemTimes(out var idle, out var kernel, out var user))
            return null;
        return new(kernel + user - idle, kernel + user);
    }

    public static MemoryFigures? Memory()
    {
        var status = new MemoryStatus { Length = (uint)Marshal.SizeOf<MemoryStatus>() };
        return GlobalMemoryStatusEx(ref status) ? new((long)status.TotalPhysical, (long)status.AvailablePhysical) : null;
    }

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetSystemTimes(out long idle, out long kernel, out long user);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GlobalMemoryStatusEx(ref MemoryStatus status);

    /// <summary>MEMORYSTATUSEX.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MemoryStatus
    {
        public uint Length;
        public uint Load;
        public ulong TotalPhysical;
        public ulong AvailablePhysical;
        public ulong TotalPageFile;
        public ulong AvailablePageFile;
        public ulong TotalVirtual;
        public ulong AvailableVirtual;
        public ulong AvailableExtendedVirtual;
    }
}
