namespace Mcp.Core.Containers;

/// <summary>A failed request to a container engine. The message says what was requested and the engine's reason.</summary>
public sealed class EngineException : Exception
{
    public EngineException(EngineError error, string message, string remedy, Exception? inner = null)
        : base(message, inner)
    {
        Error = error;
        Remedy = remedy;
    }

    public EngineError Error { get; }

    /// <summary>What to do next, as one sentence.</summary>
    public string Remedy { get; }
}

public enum EngineError
{
    Failed,
    Unreachable,
    NotFound,
    NameTaken,
    PortTaken,
    ImageNotFound,
    NetworkNotFound,
    RegistryUnreachable,
    Denied,
    DiskFull,
    BadArchive,
    NotSupported,
}
