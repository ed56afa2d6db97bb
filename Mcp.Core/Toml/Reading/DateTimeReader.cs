using System.Globalization;
using System.Text.RegularExpressions;

namespace Mcp.Core.Toml.Reading;

/// <summary>Turns a token into one of the four date and time types (RFC 3339). Null and no fault: the token is none of them.</summary>
internal static partial class DateTimeReader
{
    private const string Date = "(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})";
    private const string Time = "(?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})([.](?<fraction>[0-9]+))?";

    public static TomlScalar? TryRead(string token, TomlPosition position, out (string Message, string Remedy)? fault)
    {
        fault = null;
        var match = DateAndTime().Match(token);
        if (!match.Success)
            match = TimeOnlyPattern().Match(token);
        if (!match.Success)
        {
            if (Resembling().IsMatch(token))
                fault = ("this is not a date or time", "write 2006-01-02, 15:04:05, 2006-01-02T15:04:05 or 2006-01-02T15:04:05Z, or put it in quotation marks");
            return null;
        }

        var value = Assemble(match, position, out var wrong);
        if (value is null)
            fault = ($"this is not a date or time: {wrong}", "correct it, or put it in quotation marks when it is meant as text");
        return value;
    }

    private static TomlScalar? Assemble(Match match, TomlPosition position, out string wrong)
    {
        var date = DateOnly.MinValue;
        var hasDate = match.Groups["year"].Success;
        if (hasDate && !TryReadDate(match, out date, out wrong))
            return null;
        if (!match.Groups["hour"].Success)
        {
            wrong = "";
            return TomlScalar.Of(date, position);
        }
        if (!TryReadTime(match, out var time, out wrong))
            return null;
        if (!hasDate)
            return TomlScalar.Of(time, position);

        var local = date.ToDateTime(time);
        if (!match.Groups["zone"].Success)
            return TomlScalar.Of(local, position);
        return TryReadOffset(match, out var offset, out wrong) ? WithOffset(local, offset, position, out wrong) : null;
    }

    private static bool TryReadDate(Match match, out DateOnly date, out string wrong)
    {
        var (year, month, day) = (Number(match, "year"), Number(match, "month"), Number(match, "day"));
        date = default;
        wrong = year == 0 ? "there is no year 0000"
            : month is < 1 or > 12 ? $"there is no month {month:00}"
            : day < 1 || day > DateTime.DaysInMonth(year, month) ? $"month {month:00} of {year:0000} has no day {day:00}"
            : "";
        if (wrong.Length > 0)
            return false;
        date = new DateOnly(year, month, day);
        return true;
    }

    private static bool TryReadTime(Match match, out TimeOnly time, out string wrong)
    {
        var (hour, minute, second) = (Number(match, "hour"), Number(match, "minute"), Number(match, "second"));
        time = default;
        wrong = hour > 23 ? $"there is no hour {hour:00}"
            : minute > 59 ? $"there is no minute {minute:00}"
            : second > 60 || (second == 60 && minute != 59) ? $"there is no second {second:00}"
            : "";
        if (wrong.Length > 0)
            return false;

        var fraction = match.Groups["fraction"].Value.PadRight(7, '0')[..7];
        var ticks = (second * TimeSpan.TicksPerSecond) + long.Parse(fraction, NumberStyles.None, CultureInfo.InvariantCulture);
        // RFC 3339 knows the leap second, .NET does not: the last instant before it is the nearest there is.
        time = new TimeOnly(hour, minute).Add(TimeSpan.FromTicks(Math.Min(ticks, TimeSpan.TicksPerMinute - 1)));
        return true;
    }

    private static bool TryReadOffset(Match match, out TimeSpan offset, out string wrong)
    {
        offset = TimeSpan.Zero;
        wrong = "";
        if (!match.Groups["sign"].Success)
            return true;
        var (hour, minute) = (Number(match, "offsetHour"), Number(match, "offsetMinute"));
        if (hour > 23 || minute > 59)
        {
            wrong = $"there is no offset of {hour:00}:{minute:00}";
            return false;
        }
        offset = new TimeSpan(hour, minute, 0) * (match.Groups["sign"].Value == "-" ? -1 : 1);
        return true;
    }

    private static TomlScalar? WithOffset(DateTime local, TimeSpan offset, TomlPosition position, out string wrong)
    {
        wrong = "";
        var utcTicks = local.Ticks - offset.Ticks;
        if (utcTicks < DateTime.MinValue.Ticks || utcTicks > DateTime.MaxValue.Ticks)
        {
            wrong = "in UTC it lies outside the years 0001 to 9999";
            return null;
        }
        // DateTimeOffset holds up to 14 hours; RFC 3339 allows more. The instant is kept.
        var instant = offset.Duration() <= TimeSpan.FromHours(14) ? new DateTimeOffset(local, offset) : new DateTimeOffset(utcTicks, TimeSpan.Zero);
        return TomlScalar.Of(instant, position);
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    public static bool IsDate(string token) => DateOnlyPattern().IsMatch(token);

    [GeneratedRegex("^" + Date + "([Tt ]" + Time + "(?<zone>[Zz]|(?<sign>[+-])(?<offsetHour>[0-9]{2}):(?<offsetMinute>[0-9]{2}))?)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex DateAndTime();

    [GeneratedRegex("^" + Time + "$", RegexOptions.ExplicitCapture)]
    private static partial Regex TimeOnlyPattern();

    [GeneratedRegex("^" + Date + "$")]
    private static partial Regex DateOnlyPattern();

    [GeneratedRegex("^[0-9]+(-[0-9]+-|:[0-9])")]
    private static partial Regex Resembling();
}
