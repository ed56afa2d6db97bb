using Mcp.Core.Toml;

namespace Mcp.Core.Client.Workstation;

/// <summary>Reads mcp.toml, with what the environment and the caller say over it.</summary>
internal static class WorkstationConfigReader
{
    public static WorkstationConfig Load(WorkstationEnvironment environment, Setting<string> location, WorkstationOverrides overrides)
    {
        var text = ReadText(location.Value);
        var document = TomlDocument.Read(text ?? "", location.Value);
        var settings = new SettingsReader(document, environment, overrides, location.Value).Read(location);
        var nodes = new NodeEntryReader(environment, location.Value).ReadAll(document.Root);
        if (document.Finish() is { Count: > 0 } problems)
            throw new McpException("invalid-config",
                $"{location.Value} has {(problems.Count == 1 ? "a mistake" : $"{problems.Count} mistakes")}", problems);

        return settings with
        {
            Exists = text is not null,
            Nodes = nodes,
            Warnings = text is null ? [] : SecretWarnings.Of(location.Value, nodes),
        };
    }

    /// <summary>null when there is no such file.</summary>
    public static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new McpException(ErrorKind.Usage, "unreadable-config", $"the config file {path} can't be read: {e.Message}",
                "correct its permissions, or name another file with --config or MCP_CONFIG", inner: e);
        }
    }
}
