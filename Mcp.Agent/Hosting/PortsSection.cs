using System.Globalization;
using Mcp.Agent.Ports;
using Mcp.Core.Toml;

namespace Mcp.Agent.Hosting;

/// <summary>[ports] of agent.toml: <c>range = "10000-60000"</c>, <c>exclude = ["20000-20100", "30000"]</c>.</summary>
internal static class PortsSection
{
    public static PortOptions Read(TableReader ports)
    {
        var config = new PortOptions
        {
            Exclude = ports.Parsed("exclude", Parse, text =>
                ($"'{text}' is not a port or a range of ports", "write \"30000\" or \"20000-20100\"")),
        };
        if (ports.String("range") is not { } range)
            return config;
        if (Parse(range) is not { } parsed)
        {
            ports.Report("range", $"'{range}' is not a range of ports",
                "write the lowest and the highest port, 1 to 65535: \"10000-60000\"");
            return config;
        }
        return config with { Range = parsed };
    }

    private static PortRange? Parse(string text)
    {
        var ends = text.Split('-', 2, StringSplitOptions.TrimEntries);
        return Port(ends[0]) is { } first && Port(ends[^1]) is { } last && first <= last ? new(first, last) : null;
    }

    private static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port : null;
}
