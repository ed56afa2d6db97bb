using System.Text.Json;

namespace Mcp.Core;

/// <summary>States, kinds and outcomes in the one spelling that text, JSON and objects share.</summary>
public static class StateText
{
    /// <summary>Kebab-case: "succeeded", "rolled-back"; "unknown (7)" for a value that only a newer agent knows.</summary>
    public static string Of<T>(T state)
        where T : struct, Enum => Enum.IsDefined(state)
        ? JsonNamingPolicy.KebabCaseLower.ConvertName(state.ToString())
        : state.ToString("D") is var number && number.StartsWith('-') ? "unknown" : $"unknown ({number})";
}
