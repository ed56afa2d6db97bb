using System.Globalization;
using System.Text.RegularExpressions;

namespace Mcp.Core.Toml.Reading;

/// <summary>Turns a token into an integer or a float. Null and no fault: the token is no number at all. Messages point at a value but never
/// quote it: it may be a token or a password whose quotation marks were forgotten.</summary>
internal static partial class NumberReader
{
    public static TomlScalar? TryRead(string token, TomlPosition position, out (string Message, string Remedy)? fault)
    {
        fault = null;
        if (Special().IsMatch(token))
            return TomlScalar.Of(token.EndsWith("nan", StringComparison.Ordinal) ? double.NaN : token[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity, position);

        var digits = token.Replace("_", "", StringComparison.Ordinal);
        if (Decimal().IsMatch(token))
        {
            if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                return TomlScalar.Of(number, position);
            fault = TooLarge;
            return null;
        }
        if (Prefixed().IsMatch(token))
        {
            if (TryReadPrefixed(digits) is { } number)
                return TomlScalar.Of(number, position);
            fault = TooLarge;
            return null;
        }
        if (Float().IsMatch(token))
            return TomlScalar.Of(double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture), position);

        fault = Diagnose(token);
        return null;
    }

    private static long? TryReadPrefixed(string digits)
    {
        var bitsPerDigit = digits[1] switch { 'x' => 4, 'o' => 3, _ => 1 };
        var value = 0L;
        foreach (var c in digits.AsSpan(2))
        {
            if (value > long.MaxValue >> bitsPerDigit)
                return null;
            value = (value << bitsPerDigit) | (long)(uint)Convert.ToInt32(c.ToString(), 16);
        }
        return value;
    }

    private static (string, string) TooLarge =>
        ("this integer does not fit into 64 bits", "integers go from -9223372036854775808 to 9223372036854775807");

    private static (string, string)? Diagnose(string token)
    {
        if (LeadingZero().IsMatch(token))
            return ("this number has a leading zero", "write it without, or as text in quotation marks");
        if (Misplaced().IsMatch(token))
            return ("this number has an underscore that is not between two digits", "write 1_000 or 1000");
        if (HalfFloat().IsMatch(token))
            return ("this float lacks digits before or after its point", "write 0.5 or 1.0");
        return null;
    }

    [GeneratedRegex("^[+-]?(inf|nan)$")]
    private static partial Regex Special();

    [GeneratedRegex("^[+-]?(0|[1-9](_?[0-9])*)$")]
    private static partial Regex Decimal();

    [GeneratedRegex("^(0x[0-9A-Fa-f](_?[0-9A-Fa-f])*|0o[0-7](_?[0-7])*|0b[01](_?[01])*)$")]
    private static partial Regex Prefixed();

    [GeneratedRegex(@"^[+-]?(0|[1-9](_?[0-9])*)(\.[0-9](_?[0-9])*([eE][+-]?[0-9](_?[0-9])*)?|[eE][+-]?[0-9](_?[0-9])*)$")]
    private static partial Regex Float();

    [GeneratedRegex(@"^[+-]?0[0-9_]+(\.[0-9_]+)?([eE][+-]?[0-9_]+)?$")]
    private static partial Regex LeadingZero();

    [GeneratedRegex(@"^[+-]?(0[xob])?(?=[^_]*_)(?=[^0-9]*[0-9])[0-9A-Fa-f_.+-]+$")]
    private static partial Regex Misplaced();

    [GeneratedRegex(@"^[+-]?([0-9]+\.|\.[0-9]+)([eE][+-]?[0-9]+)?$")]
    private static partial Regex HalfFloat();
}
