namespace Mcp.Core.Client.Workstation;

/// <summary>Files that hold a token: one line, nothing else.</summary>
internal static class TokenFile
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>null when the text is no single token; a header can hold printable ASCII only.</summary>
    public static Secret? Parse(string text)
    {
        var token = text.Trim();
        return token.Length > 0 && token.All(c => c is > ' ' and < '\x7f') ? new Secret(token) : null;
    }

    /// <summary>Whether other users of this machine can read the file. Windows keeps profiles to their owner, so there it isn't
    /// asked.</summary>
    public static bool IsOpenToOthers(string path)
    {
        if (OperatingSystem.IsWindows())
            return false;
        try
        {
            return (File.GetUnixFileMode(path) & Others) != 0;
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
