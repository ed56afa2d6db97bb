using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Mcp.Testing;

/// <summary>The product's programs as processes of their own: those of the development build, or those in the folder that the variable
/// MCP_TEST_PROGRAMS names.</summary>
public static class Programs
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("MCP_TEST_PROGRAMS");

    // Above shared/Microsoft.NETCore.App/VERSION. For tests that leave a program without a PATH on which it would look for dotnet.
    private static readonly string DotnetRoot = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    /// <summary>The path of `mcp`.</summary>
    public static string Mcp { get; } = Find("Mcp.Cli", "mcp");

    /// <summary>The path of `mcp-agent`.</summary>
    public static string Agent { get; } = Find("Mcp.Agent", "mcp-agent");

    /// <summary>With standard input, output and error redirected.</summary>
    /// <param name="program"><see cref="Mcp"/> or <see cref="Agent"/>.</param>
    public static ProcessStartInfo Start(string program, IEnumerable<string> arguments) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["DOTNET_ROOT"] = DotnetRoot, ["NO_COLOR"] = "1" },
    };

    private static string Find(string project, string name)
    {
        var file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        return Folder is null ? SourceTree.Program(project, file) : Path.GetFullPath(file, Path.GetFullPath(Folder, SourceTree.Root));
    }
}
