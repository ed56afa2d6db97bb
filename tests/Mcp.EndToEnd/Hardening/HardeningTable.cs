using System.Globalization;
using Mcp.Testing;

namespace Mcp.EndToEnd.Hardening;

/// <summary>What an attack cost the agent and what it left. Written to out/hardening, one file a test, which test.sh prints.</summary>
internal static class HardeningTable
{
    private const long MiB = 1 << 20;

    /// <param name="item">What is attacked, as docs/security.md numbers it: "1 bounded work". Also the order of the rows.</param>
    /// <param name="attack">What the caller, the engine or the disk did.</param>
    /// <param name="residentBefore">Resident memory of the agent in bytes; null where it was not measured.</param>
    /// <param name="residentAfter">The same when the attack was over.</param>
    /// <param name="survived">What the test saw afterwards: "the agent answers; the plan was refused as INVALID_ARGUMENT".</param>
    public static void Add(string item, string attack, long? residentBefore, long? residentAfter, TimeSpan took, string survived)
    {
        var memory = residentBefore is { } before && residentAfter is { } after ? $"{before / MiB} -> {after / MiB} MiB" : "-";
        var seconds = took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        var folder = Directory.CreateDirectory(Path.Combine(SourceTree.Root, "out", "hardening")).FullName;
        File.WriteAllText(Path.Combine(folder, FileName(item, attack)), $"{item} | {attack} | {memory} | {seconds} s | {survived}\n");
    }

    /// <summary>Resident memory of a process of this machine, in bytes.</summary>
    public static long Resident(int pid) =>
        long.Parse(File.ReadAllText($"/proc/{pid}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;

    private static string FileName(string item, string attack)
    {
        var number = item[..item.IndexOf(' ', StringComparison.Ordinal)].PadLeft(2, '0');
        return string.Concat($"{number}-{attack}".Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-').Take(100)) + ".txt";
    }
}
