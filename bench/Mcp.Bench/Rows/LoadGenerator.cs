using System.Globalization;
using System.Text.RegularExpressions;
using Mcp.Bench.Measuring;
using Mcp.Testing;

namespace Mcp.Bench.Rows;

/// <summary>h2load: HTTP/2 requests as fast as a server answers them.</summary>
internal sealed partial class LoadGenerator(string program, TempFolder scratch, int connections, int streams)
{
    /// <summary>The same call again and again.</summary>
    /// <param name="token">Empty: none.</param>
    /// <exception cref="InvalidOperationException">A call did not succeed.</exception>
    public async Task<(double PerSecond, double Slow)> RunAsync(
        string uri, string token, string body, int calls, CancellationToken cancellationToken)
    {
        var log = scratch.File("h2load.log");
        File.Delete(log);
        List<string> arguments =
        [
            "-n", Text(calls), "-c", Text(connections), "-m", Text(streams), "-t", "1", "-d", body, "--log-file", log,
            "-H", "content-type: application/grpc", "-H", "te: trailers",
        ];
        if (token.Length > 0)
            arguments.AddRange(["-H", "authorization: Bearer " + token]);
        var run = await new Command(program, [.. arguments, uri]).RunAsync(cancellationToken);
        if (!run.Output.Contains($"{calls} succeeded, 0 failed", StringComparison.Ordinal))
            throw new InvalidOperationException($"h2load of {uri}: {run.Output}");
        var rate = double.Parse(Rate().Match(run.Output).Groups[1].Value, CultureInfo.InvariantCulture);
        // Start, status, microseconds.
        var times = Samples.Of(File.ReadLines(log).Select(line => double.Parse(line.Split('\t')[2], CultureInfo.InvariantCulture) / 1000));
        return (rate, times.Quantile(0.99));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"finished in .*, ([0-9.]+) req/s")]
    private static partial Regex Rate();
}
