using System.Globalization;
using Mcp.Cli.Output;
using Mcp.Core;
using Mcp.Core.Operations;

namespace Mcp.Cli.Operations;

/// <summary>How it reads that somebody else has the service.</summary>
internal static class WaitLine
{
    /// <summary>For a line that stays: who, with what, since when.</summary>
    public static string Told(OperationWaiting waiting, CliHost host)
    {
        var since = TimeZoneInfo.ConvertTime(waiting.Since, host.Time.LocalTimeZone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        return $"for {waiting.Actor}, who has had the service since {since} ({RelativeTime.Ago(waiting.Since, host.Time.GetUtcNow())}; {Word(waiting.Kind)}, operation {waiting.Holder})";
    }

    /// <summary>For a line that is written anew all the time.</summary>
    public static string Running(OperationWaiting waiting, TimeSpan elapsed) =>
        $"waiting for {waiting.Actor}'s {Word(waiting.Kind)} to end {(elapsed >= TimeSpan.FromSeconds(1) ? RelativeTime.Elapsed(elapsed) : "")}".TrimEnd();

    private static string Word(OperationKind kind) => StateText.Of(kind);
}
