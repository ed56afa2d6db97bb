using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Mcp.Cli;

/// <summary>Standard output that notices when its reader has left. .NET's own console stream swallows that, so that `mcp logs --follow |
/// head -1` would follow for ever without a reader.</summary>
internal static class StandardOutput
{
    /// <summary>What shells show for a program that ended because its reader did.</summary>
    public const int ReaderLeftExitCode = 141;

    private const int NoSpaceLeft = 28;
    private const int BrokenPipe = 32;
    private const int BadFileDescriptor = 9;

    public static TextWriter Open()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
            return Console.Out;
        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        // A file is shared with standard error (2>&1) and others; a stream that keeps its own place in it would write over them.
        return pipe.CanSeek
            ? Console.Out
            : new StreamWriter(pipe, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
    }

    /// <summary>The pipe has no reader any more, or the program was started with standard output closed (`&gt;&amp;-`).</summary>
    public static bool ReaderLeft(Exception error) =>
        error is IOException { HResult: BrokenPipe }
            or UnauthorizedAccessException { InnerException: IOException { HResult: BadFileDescriptor } };

    /// <summary>What was to be written does not fit on the disk, as with `mcp ps > /dev/full`.</summary>
    public static bool DiskIsFull(Exception error) => error is IOException { HResult: NoSpaceLeft };
}
