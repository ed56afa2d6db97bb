using System.Text.RegularExpressions;

namespace Mcp.Core.Definitions;

/// <summary>"source:target[:options]": source is an absolute host path or the name of an engine volume; options ro, rw, z, Z,
/// comma-separated. A Windows path may begin with its drive ("C:\data:/data").</summary>
public sealed partial record VolumeMount(string Source, string Target, bool ReadOnly, string? Options = null)
{
    private static readonly string[] KnownOptions = ["ro", "rw", "z", "Z"];

    /// <summary>Reads the text form; null when it isn't one.</summary>
    public static VolumeMount? TryParse(string text) => TryParse(text, out _);

    /// <summary>Reads the text form; null when it isn't one, and <paramref name="fault"/> says why.</summary>
    public static VolumeMount? TryParse(string text, out string fault)
    {
        var parts = SplitParts(text);
        if (parts.Count is < 2 or > 3)
        {
            fault = parts.Count < 2 ? "it has no ':' between source and target" : "it has more than source, target and options";
            return null;
        }

        var (source, target, options) = (parts[0], parts[1], parts.Count == 3 ? parts[2] : null);
        fault = SourceFault(source) ?? TargetFault(target) ?? (options is null ? "" : OptionsFault(options));
        return fault.Length > 0 ? null : new(source, target, options?.Split(',').Contains("ro") == true, options);
    }

    public override string ToString() => $"{Source}:{Target}{(Options is null ? "" : ":" + Options)}";

    /// <summary>Splits at ':', but not after a drive letter.</summary>
    private static List<string> SplitParts(string text)
    {
        List<string> parts = [];
        var pieces = text.Split(':');
        for (var i = 0; i < pieces.Length; i++)
        {
            if (i + 1 < pieces.Length && IsDrive(pieces, i, isSource: parts.Count == 0))
                parts.Add($"{pieces[i]}:{pieces[++i]}");
            else
                parts.Add(pieces[i]);
        }
        return parts;
    }

    /// <summary>"c:/data" alone is volume c at /data; a drive only when a target follows ("c:/data:/srv").</summary>
    private static bool IsDrive(string[] pieces, int i, bool isSource)
    {
        if (pieces[i].Length != 1 || !char.IsAsciiLetter(pieces[i][0]))
            return false;
        if (!isSource || pieces[i + 1].StartsWith('\\'))
            return pieces[i + 1].StartsWith('\\') || pieces[i + 1].StartsWith('/');
        return pieces[i + 1].StartsWith('/') && i + 2 < pieces.Length
            && (pieces[i + 2].StartsWith('/') || (i + 3 < pieces.Length && IsDrive(pieces, i + 2, isSource: false)));
    }

    private static string? SourceFault(string source) =>
        source.Length == 0 ? "the source is missing"
        : IsAbsolute(source) ? Climbs(source) ? "the source contains '..'" : null
        : source[0] is '.' or '~' || source.AsSpan().ContainsAny('/', '\\')
            ? $"source '{source}' is a relative path; it must be absolute, or the name of a volume"
        : VolumeName().IsMatch(source) ? null
        : $"source '{source}' is neither an absolute path nor the name of a volume (letters, digits, '_', '.', '-')";

    private static string? TargetFault(string target) =>
        target.Length == 0 ? "the target is missing"
        : !IsAbsolute(target) ? $"target '{target}' is not an absolute path"
        : target.Trim('/', '\\').Length == 0 ? "the target is the container's root"
        : Climbs(target) ? "the target contains '..'"
        : null;

    private static string OptionsFault(string options)
    {
        var given = options.Split(',');
        if (given.FirstOrDefault(o => !KnownOptions.Contains(o)) is { } unknown)
            return $"option '{unknown}' is not one of {string.Join(", ", KnownOptions)}";
        return given.Length != given.Distinct().Count() ? "duplicate option"
            : given.Contains("ro") && given.Contains("rw") ? "ro and rw exclude each other"
            : given.Contains("z") && given.Contains("Z") ? "z and Z exclude each other"
            : "";
    }

    private static bool IsAbsolute(string path) =>
        path.StartsWith('/') || path.StartsWith(@"\\", StringComparison.Ordinal) || Drive().IsMatch(path);

    private static bool Climbs(string path) => path.Split('/', '\\').Contains("..");

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.-]*\z")]
    private static partial Regex VolumeName();

    [GeneratedRegex(@"\A[A-Za-z]:[\\/]")]
    private static partial Regex Drive();
}
