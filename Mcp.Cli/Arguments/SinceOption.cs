using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Mcp.Cli.Arguments;

/// <summary>--since: a span back from now ("10m", "1h30m", "2d") or a moment ("2026-01-01T12:00", local unless it says
/// otherwise).</summary>
internal static partial class SinceOption
{
    public static Option<DateTimeOffset?> Create(TimeProvider time) => new("--since")
    {
        Description = "Only what is newer: 10m, 1h30m, 2d, or a time such as 2026-01-31T08:00",
        HelpName = "when",
        CustomParser = result => Parse(result, time),
    };

    public static DateTimeOffset? TryParse(string text, TimeProvider time)
    {
        if (Span().Match(text) is { Success: true } match && text.Length > 0)
        {
            double Part(string name) =>
                match.Groups[name].Success ? double.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
            var days = Part("d") + (Part("w") * 7);
            if (days > 36500 || Part("h") > 1e6 || Part("m") > 1e8 || Part("s") > 1e9)
                return null;
            return time.GetUtcNow() - TimeSpan.FromDays(days) - TimeSpan.FromHours(Part("h")) - TimeSpan.FromMinutes(Part("m"))
                - TimeSpan.FromSeconds(Part("s"));
        }
        if (!Moment().IsMatch(text) || !DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var moment))
            return null;
        return moment.Kind switch
        {
            DateTimeKind.Utc => new(moment),
            DateTimeKind.Local => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture),
            _ => new(moment, time.LocalTimeZone.GetUtcOffset(moment)),
        };
    }

    private static DateTimeOffset? Parse(ArgumentResult result, TimeProvider time)
    {
        var text = result.Tokens[0].Value;
        if (TryParse(text, time) is { } since)
            return since;
        result.AddError($"--since '{text}' is no time; write 10m, 1h30m, 2d, or 2026-01-31T08:00");
        return null;
    }

    [GeneratedRegex(
        @"^(?:(?<w>\d{1,6})w)?(?:(?<d>\d{1,6})d)?(?:(?<h>\d{1,9})h)?(?:(?<m>\d{1,9})m)?(?:(?<s>\d{1,10})s)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Span();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}", RegexOptions.CultureInvariant)]
    private static partial Regex Moment();
}
