namespace Mcp.Core.Processes;

/// <summary>The three descriptors that a program is started with.</summary>
public static class StandardDescriptors
{
    private const int Last = 2;

    /// <summary>Opens those that are closed (`mcp ps &gt;&amp;-`). Otherwise a file or connection gets the number, and what is written to
    /// standard output goes there. Call it first.</summary>
    public static void Open()
    {
        if (OperatingSystem.IsWindows())
            return;
        while (true)
        {
            var lowest = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (lowest.DangerousGetHandle() > Last)
            {
                lowest.Dispose();
                return;
            }
            // Stays open until the process ends.
            lowest.SetHandleAsInvalid();
        }
    }
}
