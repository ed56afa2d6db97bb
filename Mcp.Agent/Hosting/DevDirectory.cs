using System.Globalization;
using System.Net;
using Mcp.Agent.Auth;
using Mcp.Core;
using Mcp.Core.Toml;

namespace Mcp.Agent.Hosting;

/// <summary>
/// The directory of `mcp-agent dev`: <c>agent/</c> is its data directory; <c>mcp.toml</c>, <c>token</c> and <c>services/</c> are the
/// client's side.
/// </summary>
internal sealed class DevDirectory(string root)
{
    private const string TokenName = "dev";

    public DataDirectory Data { get; } = new(Path.Combine(root, "agent"));

    public string ClientConfig { get; } = Path.Combine(root, "mcp.toml");

    public string Token { get; } = Path.Combine(root, "token");

    private string Services { get; } = Path.Combine(root, "services");

    private string PortFile => Path.Combine(Data.Root, "dev-port");

    public static string AddressOf(int port) => $"https://127.0.0.1:{port}";

    public void Create()
    {
        new DataDirectory(root).Create();
        Data.Create();
        Directory.CreateDirectory(Services);
    }

    /// <param name="port">null: the previous one if it is free, otherwise any.</param>
    public AgentConfig Config(string name, int? port)
    {
        var last = LastPort();
        var chosen = port ?? (last is { } number && Listener.IsFree(new(IPAddress.Loopback, number)) ? number : 0);
        return new() { Name = name, DataDirectory = Data.Root, Listen = new(IPAddress.Loopback, chosen) };
    }

    /// <summary>Creates missing files and updates address and fingerprint; other edits of the client config are kept.</summary>
    public async Task WriteClientFilesAsync(string name, int port, string fingerprint, CancellationToken cancellationToken)
    {
        try
        {
            await EnsureTokenAsync(cancellationToken);
            var text = await MoveExistingConfigAsync(port, fingerprint, cancellationToken) ?? NewConfig(name, port, fingerprint);
            PrivateFile.Write(ClientConfig, text);
            PrivateFile.Write(PortFile, port.ToString(CultureInfo.InvariantCulture) + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(ExitCodes.Failed, $"the client's files in {root} can't be written: {e.Message}",
                "free disk space, or check who owns them (ls -l)", e);
        }
    }

    public string Instructions(string fingerprint) => $"""
        fingerprint: {fingerprint}
        client config: {ClientConfig}
        service definitions: {Services}
        to use this agent:
          export MCP_CONFIG='{ClientConfig.Replace("'", "'\\''", StringComparison.Ordinal)}'
          $env:MCP_CONFIG = '{ClientConfig.Replace("'", "''", StringComparison.Ordinal)}'   # PowerShell
        """;

    private int? LastPort() =>
        File.Exists(PortFile)
        && int.TryParse(File.ReadAllText(PortFile).TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        && port is > 0 and <= IPEndPoint.MaxPort
            ? port
            : null;

    private async Task EnsureTokenAsync(CancellationToken cancellationToken)
    {
        var store = new TokenStore(Data.Tokens, TimeProvider.System);
        if (File.Exists(Token) && store.Validate((await File.ReadAllTextAsync(Token, cancellationToken)).Trim()) is not null)
            return;
        if (store.List().Any(token => token.Name == TokenName))
            await store.RevokeAsync(TokenName, cancellationToken);
        PrivateFile.Write(Token, await store.CreateAsync(TokenName, Role.Admin, null, cancellationToken) + "\n");
    }

    /// <returns>The client config with this agent's current address and fingerprint; null when there is none, or none with this agent in
    /// it.</returns>
    private async Task<string?> MoveExistingConfigAsync(int port, string fingerprint, CancellationToken cancellationToken)
    {
        if (!File.Exists(ClientConfig) || LastPort() is not { } lastPort)
            return null;
        var text = await File.ReadAllTextAsync(ClientConfig, cancellationToken);
        var moved = text.Replace($"\"{AddressOf(lastPort)}\"", $"\"{AddressOf(port)}\"", StringComparison.Ordinal);
        return moved.Contains($"\"{AddressOf(port)}\"", StringComparison.Ordinal) && moved.Contains(fingerprint, StringComparison.Ordinal)
            ? moved
            : null;
    }

    private string NewConfig(string name, int port, string fingerprint)
    {
        var node = new TomlTable
        {
            { "name", TomlScalar.Of(name) },
            { "address", TomlScalar.Of(AddressOf(port)) },
            { "fingerprint", TomlScalar.Of(fingerprint) },
            { "token_path", TomlScalar.Of(Token) },
        };
        var config = new TomlTable
        {
            { "services", new TomlTable { { "dir", TomlScalar.Of(Services) } } },
            { "nodes", new TomlArray([node]) },
        };
        return TomlWriter.Write(config);
    }
}
