using Mcp.Core.Toml;

namespace Mcp.Core.Definitions;

/// <summary>[components.health] as text.</summary>
internal static class HealthSection
{
    public static HealthDefinition Read(TableReader table)
    {
        table.Hint("path", "http holds the path: http = \"/healthz\"");
        table.Hint("cmd", "did you mean 'exec'?");
        table.Hint("command", "did you mean 'exec'?");
        return new HealthDefinition
        {
            Http = table.String("http"),
            Status = (int?)table.Integer("status", 100, 599),
            Host = table.String("host"),
            Tcp = table.Boolean("tcp") ?? false,
            Exec = table.Strings("exec"),
            Image = table.Boolean("image"),
            Route = table.String("route"),
            Port = (int?)table.Integer("port", 1, 65535),
            Interval = DurationField.Read(table, "interval"),
            Timeout = DurationField.Read(table, "timeout"),
            Retries = (int?)table.Integer("retries", 1, 1000),
            StartPeriod = DurationField.Read(table, "start_period"),
            StayUp = DurationField.Read(table, "stay_up"),
        };
    }

    public static TomlTable Write(HealthDefinition health)
    {
        var table = new TomlTable();
        Add("http", health.Http);
        AddValue("status", health.Status, n => TomlScalar.Of(n));
        Add("host", health.Host);
        if (health.Tcp)
            table.Add("tcp", TomlScalar.Of(true));
        if (health.Exec.Count > 0)
            table.Add("exec", new TomlArray(health.Exec.Select(a => TomlScalar.Of(a))));
        AddValue("image", health.Image, b => TomlScalar.Of(b));
        Add("route", health.Route);
        AddValue("port", health.Port, n => TomlScalar.Of(n));
        AddValue("interval", health.Interval, Text);
        AddValue("timeout", health.Timeout, Text);
        AddValue("retries", health.Retries, n => TomlScalar.Of(n));
        AddValue("start_period", health.StartPeriod, Text);
        AddValue("stay_up", health.StayUp, Text);
        return table;

        void Add(string key, string? value)
        {
            if (value is not null)
                table.Add(key, TomlScalar.Of(value));
        }

        void AddValue<T>(string key, T? value, Func<T, TomlScalar> make)
            where T : struct
        {
            if (value is { } given)
                table.Add(key, make(given));
        }

        static TomlScalar Text(TimeSpan duration) => TomlScalar.Of(DurationText.Of(duration));
    }
}
