using System.Net;
using Mcp.Agent.Audit;
using Mcp.Agent.Deploy;
using Mcp.Agent.Monitor;
using Mcp.Agent.Registry;
using Mcp.Core;
using Mcp.Core.Definitions;
using Mcp.Core.Toml;

namespace Mcp.Agent.Hosting;

/// <summary>Reads agent.toml strictly: every mistake with its place, unknown keys included. packaging/agent.toml lists every key.</summary>
internal sealed class AgentConfigReader
{
    private const string LogLevelVariable = "MCP_LOG_LEVEL";
    private const string LevelRemedy = "write debug, info, warning or error";

    private readonly TableReader _root;
    private readonly string _folder;

    private AgentConfigReader(TableReader root, string folder) => (_root, _folder) = (root, folder);

    /// <summary>
    /// Throws <see cref="ConfigException"/> for mistakes in the file, <see cref="StartupException"/> when it can't be read.
    /// </summary>
    public static AgentConfig Load(string path)
    {
        try
        {
            var config = Read(File.ReadAllBytes(path), path);
            if (Environment.GetEnvironmentVariable(LogLevelVariable) is not { Length: > 0 } text)
                return config;
            return ParseLevel(text) is { } level
                ? config with { LogLevel = level }
                : throw new StartupException(ExitCodes.Usage, $"{LogLevelVariable}={text} is not a log level", LevelRemedy);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StartupException(ExitCodes.Usage, $"there is no configuration file {path}",
                "name one with --config FILE (packaging/agent.toml is an example), or try `mcp-agent dev --dir DIR`, which needs none", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(ExitCodes.Usage, $"the configuration file can't be read: {e.Message}",
                "give the user that the agent runs as read access to it", e);
        }
    }

    public static AgentConfig Read(ReadOnlySpan<byte> utf8, string path)
    {
        var document = TomlDocument.Read(utf8, path);
        var config = new AgentConfigReader(document.Root, Path.GetDirectoryName(Path.GetFullPath(path))!).ReadAll();
        var problems = document.Finish();
        return problems.Count == 0 ? config : throw new ConfigException(problems);
    }

    private AgentConfig ReadAll()
    {
        var agent = _root.Table("agent");
        var config = new AgentConfig { DataDirectory = FullPath(agent, "data_dir") ?? AgentPaths.DataDirectory };
        return config with
        {
            Name = agent?.String("name") ?? config.Name,
            Listen = Listen(agent) ?? config.Listen,
            Tls = Tls(_root.Table("tls")),
            Limits = Limits(_root.Table("limits"), config.Limits),
            Engine = Engine(_root.Table("engine")),
            Ports = _root.Table("ports") is { } ports ? PortsSection.Read(ports) : config.Ports,
            Deploy = Deploy(_root.Table("deploy"), config.Deploy),
            Monitor = Monitor(_root.Table("monitor"), config.Monitor),
            Events = config.Events with { MaxAge = Duration(_root.Table("events"), "keep") ?? config.Events.MaxAge },
            IncomingLayers = Size(_root.Table("images"), "incoming") ?? config.IncomingLayers,
            Audit = Audit(_root.Table("audit"), config.Audit),
            Copies = Copies(_root.Table("registry"), config.Copies),
            LogLevel = Level(_root.Table("log")) ?? config.LogLevel,
        };
    }

    private static IPEndPoint? Listen(TableReader? agent)
    {
        if (agent?.String("listen") is not { } text)
            return null;
        var colon = text.LastIndexOf(':');
        if (colon > 0 && IPEndPoint.TryParse(text, out var address) && address.Port > 0
            && text.EndsWith($":{address.Port}", StringComparison.Ordinal))
            return address;
        agent.Report("listen", $"'{text}' is not an address to listen on",
            $"write IP:PORT, such as \"0.0.0.0:{AgentPaths.DefaultPort}\" for every address or \"[::1]:{AgentPaths.DefaultPort}\"");
        return null;
    }

    private TlsConfig Tls(TableReader? tls)
    {
        if (tls is null)
            return new();
        var read = new TlsConfig(FullPath(tls, "certificate"), FullPath(tls, "key")) { Names = tls.Strings("names") };
        if (tls.Has("certificate") && !tls.Has("key"))
            tls.Report("certificate", "there is a certificate but no key",
                "add key = \"...\", the PEM file with the certificate's private key");
        if (tls.Has("key") && !tls.Has("certificate"))
            tls.Report("key", "there is a key but no certificate",
                "add certificate = \"...\", the PEM file with the certificate and its chain");
        return read;
    }

    private static LimitsConfig Limits(TableReader? limits, LimitsConfig defaults) => limits is null ? defaults : new()
    {
        Connections = (int)(limits.Integer("connections", 1, 100_000) ?? defaults.Connections),
        ConnectionsPerAddress = (int)(limits.Integer("connections_per_address", 1, 100_000) ?? defaults.ConnectionsPerAddress),
        Idle = Duration(limits, "idle") ?? defaults.Idle,
    };

    private static EngineConfig Engine(TableReader? engine)
    {
        if (engine is null)
            return new();
        var kind = engine.String("kind");
        if (kind is not (null or "podman" or "docker"))
            engine.Report("kind", $"'{kind}' is not a known engine",
                "write \"podman\" or \"docker\", or leave it out to use the one that is found");
        return new(kind, engine.String("socket"));
    }

    private static DeployOptions Deploy(TableReader? deploy, DeployOptions defaults)
    {
        if (deploy is null)
            return defaults;
        defaults = defaults with { KeepReleases = (int)(deploy.Integer("keep_releases", 1, 1000) ?? defaults.KeepReleases) };
        if (deploy.String("stay_up") is not { } text)
            return defaults;
        // "0s": does not wait. The upper limit is the one of stay_up in a definition.
        if (DurationText.TryParse(text) is { } stayUp && stayUp <= HealthDefinition.MaxStayUp)
            return defaults with { StayUp = stayUp };
        deploy.Report("stay_up", $"stay_up = \"{text}\" is not a duration from 0s to {DurationText.Of(HealthDefinition.MaxStayUp)}",
            DurationText.Remedy);
        return defaults;
    }

    private static AuditOptions Audit(TableReader? audit, AuditOptions defaults) => audit is null ? defaults : new()
    {
        MaxAge = Duration(audit, "keep") ?? defaults.MaxAge,
        MaxCount = (int)(audit.Integer("entries", 1000, 100_000_000) ?? defaults.MaxCount),
    };

    private static CopyOptions Copies(TableReader? registry, CopyOptions defaults) => registry is null ? defaults : new()
    {
        Keep = (int)(registry.Integer("copies", 0, 1000) ?? defaults.Keep),
        Every = Duration(registry, "copy_every") ?? defaults.Every,
    };

    private static MonitorOptions Monitor(TableReader? monitor, MonitorOptions defaults)
    {
        if (monitor is null)
            return defaults;
        return defaults with
        {
            SweepInterval = Duration(monitor, "interval") ?? defaults.SweepInterval,
            DriftAfter = Duration(monitor, "drift_after") ?? defaults.DriftAfter,
            FlappingCount = (int)(monitor.Integer("flap_count", 2, 1000) ?? defaults.FlappingCount),
            FlappingWindow = Duration(monitor, "flap_window") ?? defaults.FlappingWindow,
            Alert = defaults.Alert with
            {
                Command = monitor.Strings("alert_command"),
                Cooldown = Duration(monitor, "alert_cooldown") ?? defaults.Alert.Cooldown,
            },
        };
    }

    private static LogLevel? Level(TableReader? log)
    {
        if (log?.String("level") is not { } text)
            return null;
        if (ParseLevel(text) is not { } level)
        {
            log.Report("level", $"'{text}' is not a log level", LevelRemedy);
            return null;
        }
        return level;
    }

    private static LogLevel? ParseLevel(string text) => text.ToLowerInvariant() switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "info" or "information" => LogLevel.Information,
        "warning" or "warn" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => null,
    };

    private static long? Size(TableReader? table, string key)
    {
        if (table?.String(key) is not { } text)
            return null;
        if (MemoryLimit.TryParse(text) is { } size)
            return size.Bytes;
        table.Report(key, $"{key} = \"{text}\" is not a size", "write a number and k, m or g, such as \"20g\"");
        return null;
    }

    private static TimeSpan? Duration(TableReader? table, string key)
    {
        if (table?.String(key) is not { } text)
            return null;
        var duration = DurationText.TryParse(text);
        if (duration is null || duration <= TimeSpan.Zero)
            table.Report(key, $"{key} = \"{text}\" is not a duration", DurationText.Remedy);
        return duration;
    }

    /// <summary>Relative paths start at the folder of the configuration file.</summary>
    private string? FullPath(TableReader? table, string key)
    {
        if (table?.String(key) is not { } text)
            return null;
        if (text.Length > 0)
            return Path.GetFullPath(text, _folder);
        table.Report(key, $"{key} is empty", "write a path, or leave it out");
        return null;
    }
}
