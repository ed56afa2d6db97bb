using System.Text.RegularExpressions;

namespace Mcp.Core.Containers.Engine;

/// <summary>The one place that puts names into paths of the engine's API. What is no such name is refused: "../containers/x" is not to ask
/// for something else.</summary>
internal static partial class EnginePath
{
    /// <param name="image">A reference or an id.</param>
    public static string OfImage(string image, string rest) => Image().IsMatch(image)
        // The slashes of a reference are part of the API's path.
        ? $"images/{Uri.EscapeDataString(image).Replace("%2F", "/", StringComparison.Ordinal)}{rest}"
        : throw new EngineException(EngineError.NotFound, $"'{image}' is neither an image id nor an image reference",
            "write [registry[:port]/]name[:tag], or sha256: and the 64 digits of the id");

    /// <param name="container">Id or name.</param>
    public static string OfContainer(string container, string rest) => $"containers/{Id(container, "container")}{rest}";

    public static string OfExec(string exec, string rest) => $"exec/{Id(exec, "exec session")}{rest}";

    /// <param name="network">Id or name.</param>
    public static string OfNetwork(string network) => $"networks/{Id(network, "network")}";

    private static string Id(string text, string what) =>
        Name().IsMatch(text) ? text : throw new EngineException(EngineError.NotFound, $"'{text}' is no id or name of a {what}",
            "use the name or the id that the engine shows");

    // Wider than the grammar of references, which is the callers' to check; each part begins with a letter or a digit, so that none is
    // "..".
    [GeneratedRegex(@"\A[a-zA-Z0-9\[][a-zA-Z0-9_.:@+=\[\]-]*(/[a-zA-Z0-9][a-zA-Z0-9_.:@+=-]*)*\z")]
    private static partial Regex Image();

    // The engines' own rule for names of containers; ids are hexadecimal.
    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]*\z")]
    private static partial Regex Name();
}
