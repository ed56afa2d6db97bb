using System.Diagnostics.CodeAnalysis;

namespace Mcp.Agent.Auth;

/// <summary>What a token may do; each role includes the ones before it.</summary>
internal enum Role
{
    Viewer = 1,
    Operator = 2,
    Admin = 3,
}

internal static class RoleNames
{
    public static readonly string[] All = ["viewer", "operator", "admin"];

    public static string ToText(this Role role) => All[(int)role - 1];

    public static bool TryParse([NotNullWhen(true)] string? text, out Role role)
    {
        role = (Role)(Array.IndexOf(All, text) + 1);
        return role != 0;
    }
}
