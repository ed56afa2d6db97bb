using System.Diagnostics;
using System.Text.Json;

namespace Mcp.EndToEnd;

/// <summary>What a run of `mcp` left.</summary>
internal sealed record CliResult(int ExitCode, string Out, string Error)
{
    public string All => Out + Error;

    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    /// <summary>For streams: one document per line.</summary>
    public IReadOnlyList<JsonElement> JsonLines =>
        [.. Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];

    public static async Task<CliResult> OfAsync(ProcessStartInfo info, string input = "")
    {
        using var process = Process.Start(info)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(90));
        return new(process.ExitCode, await output, await error);
    }

    public CliResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode} instead of {exitCode}\n{Out}\n{Error}");
        return this;
    }
}
