using System.CommandLine;
using System.Globalization;
using Mcp.Cli.Output;
using Mcp.Core.Status;
using Spectre.Console;

namespace Mcp.Cli.Commands;

internal static class NodeStatusCommand
{
    public static Command Create(CommandBinding binding)
    {
        var command = new Command("status", "Show how the nodes do: agent, engine, processor, memory, disk.");
        binding.Bind(command, async (context, cancellationToken) =>
        {
            var table = Table();
            var (answers, errors) = await FleetAnswers.GatherAsync(
                context, (agent, token) => agent.GetNodeStatusAsync(token), cancellationToken, context.Json ? null : Show);
            if (context.Json)
                JsonOutput.WriteList(context.Host.Out, answers.Select(a => JsonOutput.Of(a.Node, a.Value)));
            foreach (var (node, status) in answers.Where(a => a.Value.EngineError.Length > 0))
                ErrorView.WriteWarning(context.Host.Error, $"the container engine of {node}: {status.EngineError}");
            return ExitCode.Of(errors);

            void Show(IReadOnlyList<(string Node, NodeStatus Status)> some)
            {
                AddTo(table, some);
                table.WriteTo(context.Host.Console, context.Width);
            }
        });
        return command;
    }

    private static TableView Table() => new(
        new("NODE", 100), new("AGENT", 70), new("ENGINE", 90), new("CPU", 60, RightAligned: true), new("MEMORY", 65, RightAligned: true),
        new("DISK", 64, RightAligned: true), new("RUNNING", 80, RightAligned: true), new("UP", 50, RightAligned: true), new("SYSTEM", 30));

    private static void AddTo(TableView table, IEnumerable<(string Node, NodeStatus Value)> nodes)
    {
        foreach (var (node, s) in nodes)
        {
            table.Add(
                node, s.AgentVersion,
                s.EngineError.Length > 0 ? new TableCell("down", StateStyle.Bad) : $"{s.EngineName} {s.EngineVersion}".Trim(),
                Share(s.CpuPercent, $" of {s.CpuCount}"),
                Used(s.MemoryTotal, s.MemoryAvailable),
                FullestDisk(s),
                $"{s.ComponentsRunning}/{s.ComponentsTotal}",
                RelativeTime.Span(s.Uptime),
                $"{s.Os} {s.Architecture}".Trim());
        }
    }

    /// <summary>The disk that will be full first is the one that matters.</summary>
    private static TableCell FullestDisk(NodeStatus status) =>
        status.Disks.Count == 0 ? "" : Used(status.Disks.MaxBy(UsedShare)!.Total, status.Disks.MaxBy(UsedShare)!.Available);

    private static double UsedShare(DiskStatus disk) => disk.Total > 0 ? (disk.Total - disk.Available) * 100.0 / disk.Total : 0;

    private static TableCell Used(long total, long available) =>
        total <= 0 ? "" : Share((total - available) * 100.0 / total, " of " + ByteSize.Text(total));

    private static TableCell Share(double percent, string of) => new(
        string.Create(CultureInfo.InvariantCulture, $"{percent:0}%{of}"),
        percent >= 95 ? StateStyle.Bad : percent >= 85 ? StateStyle.Odd : Style.Plain);
}
