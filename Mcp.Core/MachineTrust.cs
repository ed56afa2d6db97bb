using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;

namespace Mcp.Core;

/// <summary>
/// The CAs that this machine trusts. On Linux, .NET reads all of them (about 280 files) before it judges the first certificate or offers
/// one of its own, whatever the trust is that was asked for. That took more than half of the time of a short command.
/// </summary>
public static class MachineTrust
{
    /// <summary>
    /// For a program that needs none of the CAs: leaves them unread for the rest of the process. Programs that it starts are not
    /// affected. Call it before the first connection.
    /// </summary>
    public static void LeaveUnread()
    {
        if (!OperatingSystem.IsLinux())
            return;
        // .NET copies the environment when it is first listed, and hands that copy to the programs that it starts.
        _ = Environment.GetEnvironmentVariables();
        // It has no setting for the CAs, but reads these variables of OpenSSL, and from the environment itself.
        _ = SetVariable("SSL_CERT_FILE\0"u8.ToArray(), "/dev/null\0"u8.ToArray(), overwrite: 1);
        _ = SetVariable("SSL_CERT_DIR\0"u8.ToArray(), "/dev/null\0"u8.ToArray(), overwrite: 1);
    }

    /// <summary>For a program in which others may need them: reads them at once, beside what has to be done before the first
    /// connection.</summary>
    public static void ReadAhead()
    {
        if (OperatingSystem.IsLinux())
            _ = Task.Run(() =>
            {
                using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine);
                store.Open(OpenFlags.ReadOnly);
                foreach (var certificate in store.Certificates)
                    certificate.Dispose();
            });
    }

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetVariable(byte[] name, byte[] value, int overwrite);
}
