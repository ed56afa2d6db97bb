namespace Mcp.Core.Definitions;

public enum ComponentKind
{
    /// <summary>Runs until it is stopped.</summary>
    Server,

    /// <summary>Runs to its end, once for every change of it; exit code 0 is success. A migration, say.</summary>
    Task,
}
