using System.Diagnostics;
using System.Globalization;
using Mcp.Bench.Measuring;

namespace Mcp.Bench;

/// <summary>Runs rows one after the other. One that fails loses its own figures only; the file of results is written anew after
/// each.</summary>
internal sealed class Runner(Session session, Report report, string resultsFile)
{
    /// <summary>So that one that hangs does not cost the others.</summary>
    private static readonly TimeSpan LimitOfARow = TimeSpan.FromMinutes(15);

    /// <returns>The exit code: 0 also when goals are not met, which is a result; 1 when a row failed.</returns>
    public async Task<int> RunAsync(IReadOnlyList<Row> rows, CancellationToken cancellationToken)
    {
        var failed = 0;
        foreach (var row in rows)
        {
            Console.WriteLine($"{row.Name}: {row.Title}");
            var clock = Stopwatch.StartNew();
            var (figures, failure) = await RunAsync(row, cancellationToken);
            if (cancellationToken.IsCancellationRequested)
                return 130;
            report.Add(row, figures, failure);
            await File.WriteAllTextAsync(resultsFile, report.Markdown(), CancellationToken.None);
            foreach (var figure in figures)
                Console.WriteLine(Report.Line(figure));
            if (failure is not null)
            {
                failed++;
                Console.WriteLine("  FAILED   " + failure);
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {clock.Elapsed.TotalSeconds:0} s"));
        }
        Console.WriteLine($"results: {resultsFile}");
        return failed == 0 ? 0 : 1;
    }

    private async Task<(IReadOnlyList<Figure> Figures, string? Failure)> RunAsync(Row row, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LimitOfARow);
        try
        {
            return (await row.RunAsync(session, limit.Token).WaitAsync(limit.Token), null);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return ([], $"it took longer than {LimitOfARow.TotalMinutes} minutes");
        }
#pragma warning disable CA1031 // Whatever broke, the other rows go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return ([], $"{e.GetType().Name}: {e.Message}");
        }
    }
}
