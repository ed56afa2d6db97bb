using System.Text.Json;

namespace Mcp.Core;

/// <summary>States and outcomes as people read them.</summary>
public static class StateText
{
    /// <summary>"rolled back" for RolledBack.</summary>
    public static string Of<T>(T state)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(state.ToString()).Replace('-', ' ');
}
