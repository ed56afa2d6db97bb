using System.Text;
using Mcp.Testing;

namespace Mcp.EndToEnd.Faults;

/// <summary>What was broken, what ought to come of it, and what did. Written to out/faults, where test.sh finds it.</summary>
internal sealed class FaultTable(string name)
{
    private readonly List<(string Point, string Expected, string Observed)> _rows = [];

    public IReadOnlyList<string> Wrong
    {
        get
        {
            lock (_rows)
                return [
                    .. _rows.Where(r => r.Expected != r.Observed).Select(r => $"{r.Point}: expected {r.Expected}, observed {r.Observed}")];
        }
    }

    public void Add(string point, string expected, string observed)
    {
        lock (_rows)
            _rows.Add((point, expected, observed));
    }

    private static string Folder => Directory.CreateDirectory(Path.Combine(SourceTree.Root, "out", "faults")).FullName;

    /// <summary>A line after the tables.</summary>
    public static void Say(string name, string line) => File.AppendAllText(Path.Combine(Folder, name + ".txt"), line + "\n");

    public void Write()
    {
        var text = new StringBuilder();
        lock (_rows)
        {
            if (_rows.Count == 0)
                return;
            var (point, expected) = (_rows.Max(r => r.Point.Length), _rows.Max(r => r.Expected.Length));
            foreach (var row in _rows)
                text.Append($"{row.Point.PadRight(point)} | {row.Expected.PadRight(expected)} | {row.Observed}\n");
        }
        // A reader never sees half of it, and two runs at once don't mix.
        var file = Path.Combine(Folder, name + ".txt");
        var fresh = $"{file}.{Environment.ProcessId}";
        File.WriteAllText(fresh, text.ToString());
        File.Move(fresh, file, overwrite: true);
    }
}
