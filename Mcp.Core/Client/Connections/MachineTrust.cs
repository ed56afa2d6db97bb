using System.Runtime.InteropServices;
using Mcp.Core.Client.Workstation;

namespace Mcp.Core.Client.Connections;

/// <summary>
/// The CAs that this machine trusts. On Linux, .NET reads all of them (about 280 files) before it lets anybody judge the first
/// certificate, whatever the trust is that was asked for; that took more than half of the time of a short command.
/// </summary>
public static class MachineTrust
{
    /// <summary>
    /// For a program that connects to nothing but these nodes: leaves the CAs unread if none of the nodes needs them, for the rest of the
    /// process. Call it before the first connection.
    /// </summary>
    public static void LeaveUnread(IEnumerable<NodeConfig> nodes)
    {
        if (!OperatingSystem.IsLinux() || nodes.Any(n => n.TrustsMachine))
            return;
        // .NET has no setting for it, and reads these variables of OpenSSL past its own copy of the environment.
        _ = SetVariable("SSL_CERT_FILE\0"u8.ToArray(), "/dev/null\0"u8.ToArray(), overwrite: 1);
        _ = SetVariable("SSL_CERT_DIR\0"u8.ToArray(), "/dev/null\0"u8.ToArray(), overwrite: 1);
    }

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetVariable(byte[] name, byte[] value, int overwrite);
}
