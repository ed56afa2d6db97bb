using Mcp.Core.Collections;

namespace Mcp.Core.Client;

/// <summary>The one exception that the client side throws: what failed, what to do next, and at which node.</summary>
public sealed class McpException : Exception
{
    public McpException(ErrorKind kind, string id, string message, string remedy = "", string? node = null, Exception? inner = null)
        : base(message, inner)
    {
        Kind = kind;
        Id = id;
        Remedy = remedy;
        Node = node;
    }

    public McpException(string id, string message, IEnumerable<Problem> problems)
        : this(ErrorKind.Definition, id, message)
    {
        Problems = problems.ToValueList();
    }

    public ErrorKind Kind { get; }

    /// <summary>Stable and kebab-case: "wrong-fingerprint", "unknown-service". Scripts may rely on it, unlike on the message.</summary>
    public string Id { get; }

    /// <summary>What to do next, as a sentence without its full stop; empty when there is nothing to say.</summary>
    public string Remedy { get; }

    /// <summary>Name of the node that it happened at; null when none was involved.</summary>
    public string? Node { get; }

    /// <summary>Each located mistake, for <see cref="ErrorKind.Definition"/>.</summary>
    public ValueList<Problem> Problems { get; } = [];
}
