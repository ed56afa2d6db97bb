using System.Globalization;
using System.Runtime.InteropServices;
using Mcp.Bench.Measuring;
using Mcp.Testing;

namespace Mcp.Bench;

/// <summary>What the figures were measured on and with.</summary>
internal static class Machine
{
    public static async Task<IReadOnlyList<(string Name, string Value)>> DescribeAsync(Session session, CancellationToken cancellationToken)
    {
        var about = new List<(string, string)>
        {
            ("Measured at", DateTimeOffset.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)),
            ("Processor", $"{Environment.ProcessorCount} x {CpuModel()}"),
            ("Memory", string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB")),
            ("System", $"{Distribution()}, Linux {Environment.OSVersion.Version}, {RuntimeInformation.OSArchitecture}"),
            ("Load when it began", File.ReadAllText("/proc/loadavg").Split(' ')[0]),
        };
        foreach (var build in session.Builds)
            about.Add(($"Programs ({build.Label})", await DescribeAsync(build, cancellationToken)));
        foreach (var (name, program) in ((string, string?)[])
            [
                ("podman", session.Peers.Podman), ("docker-compose", session.Peers.DockerCompose),
                ("podman-compose", session.Peers.PodmanCompose), ("docker-registry", ChildProcess("docker-registry")),
                ("node", session.Peers.Node), ("h2load", session.Peers.H2Load), ("pwsh", session.Peers.Pwsh),
            ])
            about.Add((name, program is null ? "not installed" : await VersionOfAsync(program, cancellationToken)));
        if (GrpcJs() is { } grpc)
            about.Add(("@grpc/grpc-js", grpc));
        return about;

        static string? ChildProcess(string name) => Testing.Engines.ChildProcess.Find(name);
    }

    private static async Task<string> DescribeAsync(Build build, CancellationToken cancellationToken)
    {
        var version = await new Command(build.Mcp, "--version") { MayFail = true }.RunAsync(cancellationToken);
        var size = string.Create(CultureInfo.InvariantCulture,
            $"mcp {new FileInfo(build.Mcp).Length / 1e6:0.0} MB, mcp-agent {new FileInfo(build.Agent).Length / 1e6:0.0} MB");
        var kind = IsManaged(build.Mcp) ? "for the .NET runtime" : "ahead-of-time compiled";
        return $"{version.Output.Trim().Split('\n')[0]}, {kind}, {size}";
    }

    /// <summary>A single file for the runtime ends in its bundle, whose header names the assemblies.</summary>
    private static bool IsManaged(string program) =>
        File.ReadAllBytes(program).AsSpan().IndexOf("hostfxr"u8) >= 0;

    private static async Task<string> VersionOfAsync(string program, CancellationToken cancellationToken)
    {
        var run = await new Command(program, "--version") { MayFail = true }.RunAsync(cancellationToken);
        return $"{run.Output}\n{run.Error}".Split('\n').FirstOrDefault(line => line.Any(char.IsAsciiDigit), "?").Trim();
    }

    private static string? GrpcJs()
    {
        var file = Path.Combine(SourceTree.Root, "tests/Mcp.Wire.Tests/clients/node_modules/@grpc/grpc-js/package.json");
        return !File.Exists(file) ? null
            : System.Text.Json.JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("version").GetString();
    }

    private static string CpuModel() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':')[1].Trim() ?? "unknown";

    private static string Distribution() =>
        File.ReadLines("/etc/os-release").FirstOrDefault(line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal))
            ?.Split('"')[1] ?? "unknown";
}
