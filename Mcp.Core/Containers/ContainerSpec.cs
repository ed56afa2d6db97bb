using System.Globalization;
using Mcp.Core.Collections;

namespace Mcp.Core.Containers;

/// <summary>Everything needed to create one container.</summary>
public sealed record ContainerSpec
{
    public required string Name { get; init; }

    /// <summary>The reference as people wrote it.</summary>
    public required string Image { get; init; }

    /// <summary>Exactly which image, by its id; null: what <see cref="Image"/> means to the engine at that moment.</summary>
    public string? ImageId { get; init; }

    public string? Network { get; init; }

    public string? User { get; init; }

    /// <summary>no, always, unless-stopped, on-failure or on-failure:N.</summary>
    public string RestartPolicy { get; init; } = "unless-stopped";

    /// <summary>In bytes; null: no limit.</summary>
    public long? Memory { get; init; }

    public ValueList<PortBinding> Ports { get; init; } = [];

    public ValueList<Mount> Mounts { get; init; } = [];

    /// <summary>Empty: the image's own command.</summary>
    public ValueList<string> Command { get; init; } = [];

    /// <summary>"KEY=VALUE" each.</summary>
    public ValueList<string> Environment { get; init; } = [];

    public ValueMap Labels { get; init; } = ValueMap.Empty;

    /// <summary>What an engine's command line takes as --NAME VALUE, without what is left to the engine.</summary>
    public IEnumerable<(string Name, string Value)> Options()
    {
        yield return ("restart", RestartPolicy);
        if (Network is not null)
            yield return ("network", Network);
        if (User is not null)
            yield return ("user", User);
        if (Memory is { } bytes)
        {
            var (number, unit) = bytes % (1 << 20) == 0 ? (bytes >> 20, 'm') : (bytes, 'b');
            yield return ("memory", string.Create(CultureInfo.InvariantCulture, $"{number}{unit}"));
        }
    }
}

/// <param name="HostIp">null: every address.</param>
public sealed record PortBinding(string? HostIp, int HostPort, int ContainerPort, string Protocol = "tcp")
{
    /// <summary>As an engine's command line takes it: "8080:80", "[::1]:8080:80/udp".</summary>
    public override string ToString()
    {
        var ip = HostIp is null ? "" : HostIp.Contains(':', StringComparison.Ordinal) ? $"[{HostIp}]:" : HostIp + ":";
        var protocol = Protocol == "tcp" ? "" : "/" + Protocol;
        return string.Create(CultureInfo.InvariantCulture, $"{ip}{HostPort}:{ContainerPort}{protocol}");
    }
}

/// <param name="Source">Absolute host path or the name of an engine volume.</param>
/// <param name="Options">As given to the engine ("ro", "ro,z"); null for none.</param>
public sealed record Mount(string Source, string Target, bool ReadOnly, string? Options = null)
{
    /// <summary>What follows the target in "source:target:options", with "ro" where it must be; null for nothing.</summary>
    public string? OptionText =>
        !ReadOnly ? Options
        : string.IsNullOrEmpty(Options) ? "ro"
        : Options.Split(',').Contains("ro") ? Options
        : "ro," + Options;

    /// <summary>As an engine's command line takes it: "source:target", "source:target:ro,z".</summary>
    public override string ToString() => OptionText is { Length: > 0 } options ? $"{Source}:{Target}:{options}" : $"{Source}:{Target}";
}
