using Mcp.Core.Collections;

namespace Mcp.Core.Definitions;

/// <summary>[components.health]: the health check of a started container. At most one of <see cref="Http"/>,
/// <see cref="Tcp"/>,
/// <see cref="Exec"/> and <see cref="Image"/> = true; with none of them the image's own HEALTHCHECK, if it has one, a TCP connection on
/// each route, and staying up. What is null has its default; lengths of time are whole milliseconds.</summary>
public sealed record HealthDefinition
{
    public const int DefaultStatus = 200;
    public const int DefaultRetries = 3;
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan DefaultStartPeriod = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan DefaultStayUp = TimeSpan.FromSeconds(3);
    public static readonly TimeSpan MaxStayUp = TimeSpan.FromHours(1);

    /// <summary>Path and query of a GET over plain HTTP.</summary>
    public string? Http { get; init; }

    /// <summary>The expected status of <see cref="Http"/>; redirects are not followed.</summary>
    public int? Status { get; init; }

    /// <summary>Host header; null: the address that is asked.</summary>
    public string? Host { get; init; }

    /// <summary>A connection is accepted.</summary>
    public bool Tcp { get; init; }

    /// <summary>A command in the container, as arguments without a shell; exit code 0 passes. Empty: none.</summary>
    public ValueList<string> Exec { get; init; } = [];

    /// <summary>true: the image must have a HEALTHCHECK; false: the one that it has is ignored.</summary>
    public bool? Image { get; init; }

    /// <summary>Name of the route that is asked.</summary>
    public string? Route { get; init; }

    /// <summary>Container port of one of the component's fixed ports, in place of a route.</summary>
    public int? Port { get; init; }

    /// <summary>From the end of one probe to the next.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>For one probe.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>So many failures in a row, after the start period, are enough.</summary>
    public int? Retries { get; init; }

    /// <summary>Failures so soon after the start do not count.</summary>
    public TimeSpan? StartPeriod { get; init; }

    /// <summary>How long the container must have been up; without a probe what the node says (<see cref="DefaultStayUp"/>), with one no
    /// longer than it takes to answer.</summary>
    public TimeSpan? StayUp { get; init; }

    /// <summary>Whether it says itself what is asked.</summary>
    public bool HasProbe => Http is not null || Tcp || Exec.Count > 0 || Image == true;
}
