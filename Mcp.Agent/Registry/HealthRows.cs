using Dapper;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Registry;

/// <summary>A component's [components.health] as rows, and back.</summary>
internal static class HealthRows
{
    public const string Columns =
        "component AS Component, http AS Http, status AS Status, host AS Host, tcp AS Tcp, image AS Image, route AS Route, port AS Port, "
        + "interval_ms AS Interval, timeout_ms AS Timeout, retries AS Retries, start_period_ms AS StartPeriod, stay_up_ms AS StayUp";

    public static HealthDefinition ToDefinition(HealthRow row, IEnumerable<string> exec) => new()
    {
        Http = row.Http,
        Status = row.Status,
        Host = row.Host,
        Tcp = row.Tcp,
        Exec = exec.ToValueList(),
        Image = row.Image,
        Route = row.Route,
        Port = row.Port,
        Interval = StoredText.Span(row.Interval),
        Timeout = StoredText.Span(row.Timeout),
        Retries = row.Retries,
        StartPeriod = StoredText.Span(row.StartPeriod),
        StayUp = StoredText.Span(row.StayUp),
    };

    public static void Write(SqliteConnection connection, SqliteTransaction transaction, string service, string component, HealthDefinition health)
    {
        connection.Execute(
            """
            INSERT INTO health (service, component, http, status, host, tcp, image, route, port, interval_ms, timeout_ms, retries, start_period_ms, stay_up_ms)
            VALUES (@service, @component, @Http, @Status, @Host, @Tcp, @Image, @Route, @Port, @interval, @timeout, @Retries, @startPeriod, @stayUp)
            """,
            new
            {
                service,
                component,
                health.Http,
                health.Status,
                health.Host,
                health.Tcp,
                health.Image,
                health.Route,
                health.Port,
                interval = StoredText.Span(health.Interval),
                timeout = StoredText.Span(health.Timeout),
                health.Retries,
                startPeriod = StoredText.Span(health.StartPeriod),
                stayUp = StoredText.Span(health.StayUp),
            },
            transaction);
        connection.Execute(
            "INSERT INTO health_exec (service, component, position, value) VALUES (@service, @component, @position, @value)",
            health.Exec.Select((value, i) => new { service, component, position = i, value }),
            transaction);
    }
}
