using System.Security.Cryptography;
using Mcp.Core.Containers.Engine;

namespace Mcp.Testing.Engines;

/// <summary>A real engine of a test's own: own storage, socket and bridge, so that any number of them run beside each other and beside the
/// machine's own engine.</summary>
public abstract class TestEngine : IAsyncDisposable
{
    /// <summary>An image every test engine has.</summary>
    public const string Image = "localhost/mcp-test:v1";

    protected TestEngine()
    {
        var number = RandomNumberGenerator.GetInt32(0, 56 << 6);
        Bridge = $"mcpt{number}";
        Subnet = $"10.{200 + (number >> 6)}.{(number & 63) << 2}";
        Folder = new TempFolder("mcp-eng-");
        SocketPath = Path.Combine(Folder.Path, "engine.sock");
    }

    public TempFolder Folder { get; }

    public string SocketPath { get; }

    public RawEngine Raw { get; private set; } = null!;

    public DockerEngineRuntime Runtime { get; private set; } = null!;

    /// <summary>The engine's own command line, up to and without the verb.</summary>
    public abstract string CommandLine { get; }

    public abstract IReadOnlyDictionary<string, string> Environment { get; }

    protected string Bridge { get; }

    /// <summary>The first three numbers of a /22: a thousand addresses.</summary>
    protected string Subnet { get; }

    protected ChildProcess Process { get; private set; } = null!;

    public abstract ValueTask DisposeAsync();

    protected async Task StartAsync(string file, IEnumerable<string> arguments)
    {
        Process = ChildProcess.Start(file, arguments, Environment);
        Runtime = new DockerEngineRuntime(SocketPath);
        Raw = new RawEngine(SocketPath);
        await Eventually.TrueAsync(
            async () =>
                !Process.HasExited
                    ? await Runtime.GetNameAsync(default) is not null
                    : throw new InvalidOperationException($"{file} does not start: {Process.Output}"),
            TimeSpan.FromSeconds(40),
            () => $"{file} does not answer: {Process.Output}");
        await Raw.ImportBusyboxAsync(Image);
        // Many an engine starts and answers, and cannot run anything; that has to be known before the tests.
        var id = await Runtime.RunAsync(new() { Name = "mcp-trial", Image = Image, RestartPolicy = "no" }, default);
        await Runtime.RemoveAsync(id, default);
    }

    protected async Task RemoveAllContainersAsync()
    {
        foreach (var container in await Runtime.ListAsync(new Dictionary<string, string>(), default))
            await Runtime.RemoveAsync(container.Id, default);
    }

    /// <summary>Unmounts what is left below a folder, innermost first: a deletion that walks into a mount would delete what it
    /// shows.</summary>
    public static async Task UnmountAsync(string folder)
    {
        foreach (var mount in File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')[1])
            .Where(target => target.StartsWith(folder + "/", StringComparison.Ordinal)).Reverse().ToList())
            await TryAsync("umount", "-l", mount);
    }

    /// <summary>Deletes the folder once nobody works in it: podman's clean-up processes outlive container and service, and would make and
    /// mount parts of it anew.</summary>
    protected async Task DeleteFolderAsync()
    {
        for (var attempt = 0; attempt < 200 && IsInUse(); attempt++)
            await Task.Delay(50);
        await UnmountAsync(Folder.Path);
        Folder.Dispose();
    }

    protected static async Task TryAsync(string file, params string[] arguments)
    {
        try
        {
            await ChildProcess.RunAsync(ChildProcess.Find(file)!, arguments);
        }
        catch (InvalidOperationException)
        {
            // Clean-up of what may not be there.
        }
    }

    /// <summary>Whether any process has the folder among its arguments, as all of an engine's have.</summary>
    private bool IsInUse()
    {
        foreach (var process in Directory.EnumerateDirectories("/proc"))
            try
            {
                if (char.IsAsciiDigit(process["/proc/".Length]) && File.ReadAllText(process + "/cmdline")
                    .Contains(Folder.Path, StringComparison.Ordinal))
                    return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended while being looked at.
            }
        return false;
    }
}
