namespace Mcp.Core.Definitions;

/// <summary>Container names: "service-component", or just "service" when both are equal.</summary>
public static class ContainerName
{
    public static string For(string service, string component) => service == component ? service : $"{service}-{component}";

    /// <summary>Splits a name back. Known services are asked first (longest match), so that "mc-proxy" is service mc-proxy and not
    /// component proxy of service mc; only then is the name split at its first '-'.</summary>
    public static (string Service, string Component) Split(string container, IEnumerable<string> knownServices) => throw new NotImplementedException();
}
