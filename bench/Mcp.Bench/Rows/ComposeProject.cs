using System.Text;
using Mcp.Bench.Measuring;
using Mcp.Testing.Engines;

namespace Mcp.Bench.Rows;

/// <summary>The same ten containers as a compose file, for the two compose tools.</summary>
internal sealed class ComposeProject
{
    private readonly Node _node;
    private readonly string _file;

    public ComposeProject(Node node, string file, int services)
    {
        (_node, _file) = (node, file);
        var text = new StringBuilder("version: '3'\nservices:\n");
        for (var i = 0; i < services; i++)
            text.Append("  c").Append(i).Append(":\n    image: ").Append(TestEngine.Image)
                .Append("\n    restart: unless-stopped\n    network_mode: bridge\n    command: [")
                .AppendJoin(", ", Node.Sleep.Select(word => $"\"{word}\"")).Append("]\n");
        File.WriteAllText(file, text.ToString());
        // podman-compose calls podman by name: this one knows the store.
        var wrapper = Path.Combine(Path.GetDirectoryName(file)!, "podman");
        File.WriteAllText(
            wrapper, $"#!/bin/sh\nexec {ChildProcess.Find("podman")} {string.Join(' ', node.Engine.GlobalArguments)} \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(wrapper, (UnixFileMode)0b111_101_101);
    }

    public Func<CancellationToken, Task<double>> Docker(string program) => UpAndDown(
        program, new Dictionary<string, string> { ["DOCKER_HOST"] = "unix://" + _node.Engine.SocketPath });

    public Func<CancellationToken, Task<double>> Podman(string program) => UpAndDown(
        program,
        new Dictionary<string, string>(_node.Engine.Environment)
        {
            ["PATH"] = $"{Path.GetDirectoryName(_file)}:{Environment.GetEnvironmentVariable("PATH")}",
        });

    private Func<CancellationToken, Task<double>> UpAndDown(string program, Dictionary<string, string> environment) => async token =>
    {
        var time = await new Command(program, "-f", _file, "up", "-d") { Environment = environment }.TimeAsync(token);
        var running = await _node.Podman("ps", "-q").RunAsync(token);
        if (running.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length < 10)
            throw new InvalidOperationException($"{Path.GetFileName(program)} did not start ten containers");
        await new Command(program, "-f", _file, "down") { Environment = environment, MayFail = true }.RunAsync(token);
        await _node.RemoveContainersAsync(token);
        return time;
    };
}
