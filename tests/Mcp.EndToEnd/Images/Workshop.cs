using System.Diagnostics;
using System.Text;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Images;

/// <summary>A workstation of one test: an engine with storage of its own, sources, definitions, logins and an mcp.toml that knows the
/// fixture's node.</summary>
internal sealed class Workshop : IAsyncDisposable
{
    private readonly TempFolder _folder = new("mcp-ws-");
    private readonly string _podman;
    private readonly string _nodes;

    /// <param name="agentDirectory">Of `mcp-agent dev`, whose mcp.toml says how to reach it.</param>
    public Workshop(string agentDirectory)
    {
        _nodes = File.ReadAllText(Path.Combine(agentDirectory, "mcp.toml"))
            .Replace("token_path = \"", $"token_path = \"{agentDirectory}/", StringComparison.Ordinal)
            .Replace($"\"{agentDirectory}//", "\"/", StringComparison.Ordinal);
        // The program that is configured as engine: podman, with storage that no other test has.
        _podman = _folder.Write(
            "bin/podman",
            $"#!/bin/sh\nexec {ChildProcess.Find("podman")} --root {_folder.Path}/root --runroot {_folder.Path}/run --tmpdir " +
            $"{_folder.Path}/tmp \"$@\"\n");
        File.SetUnixFileMode(_podman, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Configure();
        AuthFile = _folder.Write("auth.json", "{}");
    }

    public string AuthFile { get; }

    public string Sources => Path.Combine(_folder.Path, "src");

    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["MCP_CONFIG"] = Path.Combine(_folder.Path, "mcp.toml"),
        ["MCP_SERVICES_DIR"] = Path.Combine(_folder.Path, "services"),
        ["REGISTRY_AUTH_FILE"] = AuthFile,
    };

    public static string Login(string registry, string password = TestRegistryOptions.Password)
    {
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{TestRegistryOptions.User}:{password}"));
        return $"{{\"auths\":{{\"{registry}\":{{\"auth\":\"{login}\"}}}}}}";
    }

    /// <param name="more">Sections besides [build] and the nodes.</param>
    public void Configure(string more = "", string? workspace = "src", string? engine = null)
    {
        var path = _folder.Write(
            "mcp.toml",
            $"{_nodes}\n[build]\n{(workspace is null ? "" : $"workspace = \"{workspace}\"\n")}engine = \"{engine ?? _podman}\"\n{more}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void LogIn(string registry, string password = TestRegistryOptions.Password) =>
        File.WriteAllText(AuthFile, Login(registry, password));

    public void Define(string service, string toml) => _folder.Write($"services/{service}.toml", toml);

    public string DefinitionFile(string service) => Path.Combine(_folder.Path, "services", service + ".toml");

    /// <summary>The hello sample's source, under another folder.</summary>
    public void AddSource(string service, string? dockerfile = null)
    {
        var folder = Path.GetDirectoryName(
            _folder.Write(
                $"src/{service}/Dockerfile", dockerfile ?? File.ReadAllText(Path.Combine(SourceTree.Root, "samples/hello/Dockerfile"))))!;
        File.Copy(Path.Combine(SourceTree.Root, "samples/hello/serve.sh"), Path.Combine(folder, "serve.sh"), overwrite: true);
        File.Copy(ChildProcess.Find("busybox")!, Path.Combine(folder, "busybox"), overwrite: true);
    }

    public Task<CliResult> McpAsync(params string[] arguments) => CliResult.OfAsync(Start(arguments));

    public ProcessStartInfo Start(params string[] arguments)
    {
        var info = Programs.Start(Programs.Mcp, arguments);
        foreach (var (name, value) in Environment)
            info.Environment[name] = value;
        return info;
    }

    /// <summary>The workstation's engine.</summary>
    public Task<string> PodmanAsync(params string[] arguments) => ChildProcess.RunAsync(_podman, arguments, Environment);

    public async ValueTask DisposeAsync()
    {
        await TestEngine.UnmountAsync(_folder.Path);
        _folder.Dispose();
    }
}
