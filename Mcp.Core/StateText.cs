using System.Text.Json;

namespace Mcp.Core;

/// <summary>States and outcomes as people read them.</summary>
public static class StateText
{
    /// <summary>"rolled back" for RolledBack; "unknown (7)" for a value that only a newer agent knows.</summary>
    public static string Of<T>(T state)
        where T : struct, Enum => Enum.IsDefined(state)
        ? JsonNamingPolicy.KebabCaseLower.ConvertName(state.ToString()).Replace('-', ' ')
        : state.ToString("D") is var number && number.StartsWith('-') ? "unknown" : $"unknown ({number})";
}
