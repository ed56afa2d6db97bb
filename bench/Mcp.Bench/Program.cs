using System.Runtime.InteropServices;
using Mcp.Bench;
using Mcp.Bench.Measuring;
using Mcp.Bench.Rows;

// mcp-bench --programs DIR [--module DIR] [--before DIR] [--empty-app FILE] [--results FILE] [--list] [NAME...]
// Called by bench.sh, which builds and installs what is needed.
// PowerShell looks at every mount of the machine when it starts, of which each container has two: the rows with hundreds come last.
Row[] all =
[
    CommandRows.Version, StartRow.Start, ModuleRow.Module, DeployRows.Unchanged, DeployRows.Deploy, DeployRows.Compose,
    RedeployRow.Redeploy, ImageSendRow.ImageSend, RpcRow.Rpc, HistoryRow.History, FleetRow.Fleet, MemoryRow.Memory, IdleRow.Idle,
    CommandRows.Ps, LargeDeployRow.Deploy300, MicroRow.Micro,
];

var options = new Dictionary<string, string>(StringComparer.Ordinal);
var names = new List<string>();
for (var i = 0; i < args.Length; i++)
    if (args[i] == "--list")
        options["--list"] = "";
    else if (args[i].StartsWith("--", StringComparison.Ordinal))
        options[args[i]] = i + 1 < args.Length ? args[++i] : throw new ArgumentException($"{args[i]} needs a value");
    else
        names.Add(args[i]);

if (options.ContainsKey("--list"))
{
    foreach (var row in all)
        Console.WriteLine($"{row.Name,-14} {row.Title}");
    return 0;
}
if (names.Except(all.Select(row => row.Name)).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine($"there is no bench '{unknown}'; there are: {string.Join(' ', all.Select(row => row.Name))}");
    return 2;
}

using var stopping = new CancellationTokenSource();
void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stopping.Cancel();
}
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

var peers = new Peers
{
    Podman = Mcp.Testing.Engines.ChildProcess.Find("podman"),
    DockerCompose = Mcp.Testing.Engines.ChildProcess.Find("docker-compose"),
    PodmanCompose = Mcp.Testing.Engines.ChildProcess.Find("podman-compose"),
    Node = Mcp.Testing.Engines.ChildProcess.Find("node"),
    H2Load = Mcp.Testing.Engines.ChildProcess.Find("h2load"),
    Pwsh = Mcp.Testing.Engines.ChildProcess.Find("pwsh"),
    EmptyApp = options.GetValueOrDefault("--empty-app"),
};
var now = Build.In("now", options["--programs"], options.GetValueOrDefault("--module"));
var before = options.TryGetValue("--before", out var folder) ? Build.In("before", folder, Path.Combine(folder, "Mcp")) : null;
await using var session = new Session(now, before, peers, Console.Out);
var commandLine = $"./bench.sh{(before is null ? "" : " --before DIR")}{string.Concat(names.Select(name => " " + name))}";
var report = new Report(await Machine.DescribeAsync(session, stopping.Token), commandLine);
return await new Runner(session, report, options["--results"]).RunAsync(
    [.. all.Where(row => names.Count == 0 || names.Contains(row.Name))], stopping.Token);
