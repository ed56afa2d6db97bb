using System.Management.Automation;

namespace Mcp.PowerShell.Pipeline;

/// <summary>A progress bar for each service of a sync, as several nodes work at once.</summary>
internal sealed class SyncReports(Cmdlet cmdlet)
{
    private readonly Dictionary<(string Service, string Node), OperationReport> _open = [];
    private int _opened;

    public OperationReport Of(string service, string node)
    {
        if (!_open.TryGetValue((service, node), out var report))
            _open.Add((service, node), report = new(cmdlet, $"Syncing {service} to {node}", node, _opened++, $"{service}: "));
        return report;
    }

    public void Close(string service, string node)
    {
        if (_open.Remove((service, node), out var report))
            report.Close();
    }

    public void Close()
    {
        foreach (var report in _open.Values)
            report.Close();
        _open.Clear();
    }
}
