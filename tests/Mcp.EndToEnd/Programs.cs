using System.Diagnostics;
using System.Text.Json;
using Mcp.Testing;

namespace Mcp.EndToEnd;

/// <summary>The product's programs, as built.</summary>
internal static class Programs
{
    public static ProcessStartInfo Mcp(IEnumerable<string> arguments) => Start(SourceTree.Program("Mcp.Cli", "mcp.dll"), arguments);

    public static ProcessStartInfo Agent(IEnumerable<string> arguments) =>
        Start(SourceTree.Program("Mcp.Agent", "mcp-agent.dll"), arguments);

    public static ProcessStartInfo FaultAgent(IEnumerable<string> arguments) =>
        Start(SourceTree.Program("tests/Mcp.FaultAgent", "Mcp.FaultAgent.dll"), arguments);

    private static ProcessStartInfo Start(string program, IEnumerable<string> arguments)
    {
        var info =
            new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        info.ArgumentList.Add(program);
        foreach (var argument in arguments)
            info.ArgumentList.Add(argument);
        info.Environment["NO_COLOR"] = "1";
        return info;
    }

    public static async Task<CliResult> RunAsync(ProcessStartInfo info)
    {
        using var process = Process.Start(info)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(90));
        return new(process.ExitCode, await output, await error);
    }
}

/// <summary>What a run of `mcp` left.</summary>
internal sealed record CliResult(int ExitCode, string Out, string Error)
{
    public string All => Out + Error;

    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    /// <summary>For streams: one document per line.</summary>
    public IReadOnlyList<JsonElement> JsonLines =>
        [.. Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];

    public CliResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode} instead of {exitCode}\n{Out}\n{Error}");
        return this;
    }
}
