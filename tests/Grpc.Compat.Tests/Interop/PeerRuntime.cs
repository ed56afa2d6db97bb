using System.Diagnostics;

namespace Grpc.Compat.Tests.Interop;

/// <summary>What peers are written in.</summary>
public enum Runtime
{
    Node,
    Python,
}

/// <summary>Finds the runtimes of peers on this machine.</summary>
internal static class PeerRuntime
{
    private static readonly Lazy<string?> MissingNode = new(() =>
        !Runs("node", "--version") ? "node is not installed"
        : !Directory.Exists(Path.Combine(Folder("node"), "node_modules", "@grpc", "grpc-js"))
            ? "the Node packages are not installed: run npm ci in tests/Grpc.Compat.Tests/node" : null);

    // Debian's package belongs to Debian's Python, which need not be the first on PATH.
    private static readonly Lazy<string?> PythonWithGrpc = new(() =>
        new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(python => Runs(python, "-c", "import grpc")));

    public static string? Missing(Runtime runtime) => runtime switch
    {
        Runtime.Node => MissingNode.Value,
        _ => PythonWithGrpc.Value is null ? "no python3 with grpc (Debian: python3-grpcio)" : null,
    };

    public static ProcessStartInfo Script(Runtime runtime, string name, params string[] arguments)
    {
        var start = runtime switch
        {
            Runtime.Node => new ProcessStartInfo("node") { ArgumentList = { Path.Combine(Folder("node"), name + ".js"), Path.Combine(Folder("Protos"), "probe.proto") } },
            _ => new ProcessStartInfo(PythonWithGrpc.Value!) { ArgumentList = { "-B", Path.Combine(Folder("python"), name + ".py") } },
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        // A proxy of the machine's is not for loopback.
        start.Environment["no_proxy"] = start.Environment["NO_PROXY"] = "127.0.0.1";
        return start;
    }

    private static string Folder(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Grpc.Compat.Tests.csproj")))
            folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new DirectoryNotFoundException("The folder of Grpc.Compat.Tests.csproj was not found."), name);
    }

    private static bool Runs(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
            process!.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
