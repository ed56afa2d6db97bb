using System.Globalization;
using System.Security.Cryptography;
using Mcp.Bench.Measuring;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.Bench.Rows;

/// <summary>Images of random bytes on a workstation's podman.</summary>
internal sealed class BenchImages(TempFolder scratch, PodmanEngine workstation)
{
    private int _count;

    public Command Podman(PodmanEngine engine, params string[] arguments) =>
        new(ChildProcess.Find("podman")!, [.. engine.GlobalArguments, .. arguments]) { Environment = engine.Environment };

    public async Task BuildBaseAsync(string image, int layers, int size, CancellationToken cancellationToken)
    {
        var text = "FROM scratch\n";
        for (var i = 0; i < layers; i++)
        {
            await WriteRandomAsync($"build/layer{i}", size, cancellationToken);
            text += $"COPY layer{i} /layer{i}\n";
        }
        await BuildAsync(image, text, cancellationToken);
    }

    /// <returns>The name of an image like no other before.</returns>
    public async Task<string> BuildSmallAsync(string baseImage, int size, CancellationToken cancellationToken)
    {
        var image = string.Create(CultureInfo.InvariantCulture, $"localhost/bench-send:v{++_count}");
        Directory.Delete(scratch.File("build", "x")[..^2], recursive: true);
        await WriteRandomAsync("build/small", size, cancellationToken);
        await BuildAsync(image, $"FROM {baseImage}\nCOPY small /small\n", cancellationToken);
        return image;
    }

    /// <summary>`mcp image send` of a service with that image, from the workstation's podman, through a port that leads to the
    /// agent.</summary>
    public Func<string, Command> Send(Node node, PodmanEngine engine, int port)
    {
        var folder = $"send-{node.Build.Label}";
        // The program that the product calls, with a store of its own.
        var podman = scratch.Write(
            folder + "/podman", $"#!/bin/sh\nexec {ChildProcess.Find("podman")} {string.Join(' ', engine.GlobalArguments)} \"$@\"\n");
        var config = scratch.Write(folder + "/mcp.toml", File.ReadAllText(node.Environment["MCP_CONFIG"]).Replace(
            $":{node.LoadNode().Address.Port}\"", $":{port}\"", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(podman, (UnixFileMode)0b111_101_101);
            File.SetUnixFileMode(config, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        return image =>
        {
            var definition = scratch.Write(
                folder + "/sent.toml", $"name = \"sent\"\n[[components]]\nname = \"web\"\nimage = \"{image}\"\n");
            return new Command(node.Build.Mcp, "image", "send", "sent", "--file", definition)
            {
                Environment = new Dictionary<string, string>(engine.Environment)
                {
                    ["MCP_CONFIG"] = config, ["MCP_BUILD_ENGINE"] = podman, ["NO_COLOR"] = "1",
                },
            };
        };
    }

    private Task BuildAsync(string image, string text, CancellationToken cancellationToken)
    {
        scratch.Write("build/Dockerfile", text);
        return Podman(workstation, "build", "-q", "-t", image, scratch.File("build", "x")[..^2]).RunAsync(cancellationToken);
    }

    private async Task WriteRandomAsync(string name, int size, CancellationToken cancellationToken)
    {
        await using var file = File.Create(scratch.File(name));
        var chunk = new byte[1 << 20];
        for (var left = size; left > 0; left -= chunk.Length)
        {
            RandomNumberGenerator.Fill(chunk);
            await file.WriteAsync(chunk.AsMemory(0, Math.Min(left, chunk.Length)), cancellationToken);
        }
    }
}
