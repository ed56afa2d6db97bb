namespace Mcp.Agent.Hosting;

/// <summary>Where the agent keeps what it must not forget, and what each file there is called.</summary>
internal sealed record DataDirectory(string Root)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Tokens => Path.Combine(Root, "tokens.json");

    public string Certificate => Path.Combine(Root, "agent.crt");

    public string Key => Path.Combine(Root, "agent.key");

    public string Database => Path.Combine(Root, "registry.db");

    public string Lock => Path.Combine(Root, "agent.lock");

    public string ProcessId => Path.Combine(Root, "agent.pid");

    /// <summary>Makes it when it isn't there, for its owner alone. One that exists keeps the mode that somebody chose.</summary>
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
                "give it to the user that the agent runs as (chown), free space on its disk, or name another in data_dir", e);
        }
    }
}
