using System.Security.Cryptography;
using Mcp.Core;

namespace Mcp.Agent.Hosting;

/// <summary>What tells this agent from all others on the same engine: 12 hex digits, made once and kept in a file of the data directory,
/// apart from the registry database, so that the agent knows its containers when that is lost.</summary>
internal static class AgentId
{
    private const int Length = 12;

    /// <exception cref="StartupException">The file has something else in it, or can't be read or written.</exception>
    public static string ReadOrCreate(string path)
    {
        try
        {
            if (File.Exists(path))
            {
                var id = File.ReadAllText(path).Trim();
                return id.Length == Length && id.All(char.IsAsciiHexDigitLower) ? id : throw Invalid(path);
            }
            var made = RandomNumberGenerator.GetHexString(Length, lowercase: true);
            PrivateFile.Write(path, made + "\n");
            return made;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(ExitCodes.Failed, $"the agent's id can't be kept in {path}: {e.Message}",
                "make the user that the agent runs as the owner of the data directory, or free disk space", e);
        }
    }

    private static StartupException Invalid(string path) => new(
        ExitCodes.Failed, $"{path} does not hold an agent id ({Length} hex digits)",
        "restore it from a backup, or write the value of the label mcp.agent of this agent's containers into it "
        + "(`podman inspect` shows it); an agent with another id refuses to touch them");
}
