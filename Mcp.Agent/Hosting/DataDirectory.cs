namespace Mcp.Agent.Hosting;

/// <summary>The agent's data directory and the names of its files.</summary>
internal sealed record DataDirectory(string Root)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Tokens => Path.Combine(Root, "tokens.json");

    public string Certificate => Path.Combine(Root, "agent.crt");

    public string Key => Path.Combine(Root, "agent.key");

    public string Database => Path.Combine(Root, "registry.db");

    /// <summary>See <see cref="Hosting.AgentId"/>.</summary>
    public string AgentId => Path.Combine(Root, "agent-id");

    public string Lock => Path.Combine(Root, "agent.lock");

    public string ProcessId => Path.Combine(Root, "agent.pid");

    /// <summary>The folder of image layers that are on their way to the engine.</summary>
    public string Layers => Path.Combine(Root, "layers");

    /// <summary>Creates it if it is missing, with access for its owner only. An existing one keeps its mode.</summary>
    public void Create()
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(Root);
            else if (!Directory.Exists(Root))
                Directory.CreateDirectory(Root, OwnerOnly);

            var probe = Path.Combine(Root, $".writable-{Environment.ProcessId}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(ExitCodes.Failed, $"the data directory {Root} can't be written: {e.Message}",
                "make the user that the agent runs as its owner (chown), free disk space, or set another data_dir", e);
        }
    }
}
