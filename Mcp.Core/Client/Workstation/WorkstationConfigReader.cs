using Mcp.Core.Collections;
using Mcp.Core.Toml;

namespace Mcp.Core.Client.Workstation;

/// <summary>Reads mcp.toml, then what the environment says over it.</summary>
internal static class WorkstationConfigReader
{
    public const string ServicesVariable = "MCP_SERVICES_DIR";
    public const string WorkspaceVariable = "MCP_BUILD_WORKSPACE";

    public static WorkstationConfig Load(WorkstationEnvironment environment, Setting<string> location)
    {
        var text = ReadText(location.Value);
        var document = TomlDocument.Read(text ?? "", location.Value);
        var services = PathSetting(document, environment, location.Value, "services", "dir");
        var workspace = PathSetting(document, environment, location.Value, "build", "workspace");
        var nodes = new NodeEntryReader(environment, location.Value).ReadAll(document.Root);
        if (document.Finish() is { Count: > 0 } problems)
            throw new McpException("invalid-config", $"{location.Value} has {(problems.Count == 1 ? "a mistake" : $"{problems.Count} mistakes")}", problems);

        return new WorkstationConfig
        {
            File = location,
            Exists = text is not null,
            Nodes = nodes,
            ServicesDirectory = FromEnvironment(environment, ServicesVariable) ?? services
                ?? new(Path.Combine(Path.GetDirectoryName(location.Value)!, "services"), "default"),
            Workspace = FromEnvironment(environment, WorkspaceVariable) ?? workspace,
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

    private static Setting<string>? PathSetting(TomlDocument document, WorkstationEnvironment environment, string file, string table, string key)
    {
        if (document.Root.Table(table) is not { } reader || reader.String(key) is not { } written)
            return null;
        if (written.Length == 0)
        {
            reader.Report(key, $"{key} is empty", $"write a folder, or leave {key} out");
            return null;
        }
        return new(environment.Resolve(written, Path.GetDirectoryName(file)!), $"{file}:{document.Source.Locate($"{table}.{key}").Line}");
    }

    private static Setting<string>? FromEnvironment(WorkstationEnvironment environment, string variable) =>
        environment.Set(variable) is { } value ? new(environment.Resolve(value, environment.CurrentDirectory), variable) : null;
}
