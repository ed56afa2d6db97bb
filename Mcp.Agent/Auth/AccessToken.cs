using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Mcp.Agent.Auth;

/// <summary>The secret that a client sends: 32 random bytes behind a prefix by which secret scanners and people
/// recognise it.</summary>
internal static class AccessToken
{
    public const string Prefix = "mcp_";

    private const int Bytes = 32;

    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>A plain SHA-256 is enough: the input is random, there is nothing for a dictionary to find.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
