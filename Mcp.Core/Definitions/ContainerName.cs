namespace Mcp.Core.Definitions;

/// <summary>Container names: "service-component", or just "service" when both are equal.</summary>
public static class ContainerName
{
    public static string For(string service, string component) => service == component ? service : $"{service}-{component}";

    /// <summary>Splits a name back. Known services are asked first (longest match), so that "mc-proxy" is service mc-proxy and not
    /// component proxy of service mc; only then is the name split at its first '-'. A name that can't be split is service and component
    /// in one.</summary>
    public static (string Service, string Component) Split(string container, IEnumerable<string> knownServices)
    {
        var service = knownServices
            .Where(s => s.Length > 0 && (container == s
                || (container.StartsWith(s + "-", StringComparison.Ordinal) && container.Length > s.Length + 1)))
            .MaxBy(s => s.Length);
        if (service is not null)
            return (service, container == service ? service : container[(service.Length + 1)..]);

        var dash = container.IndexOf('-', StringComparison.Ordinal);
        return dash <= 0 || dash == container.Length - 1 ? (container, container) : (container[..dash], container[(dash + 1)..]);
    }
}
