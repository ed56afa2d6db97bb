using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mcp.Bench.Measuring;
using Mcp.Testing;

namespace Mcp.Bench.Rows;

/// <summary>The PowerShell module in a session that has just begun.</summary>
internal static class ModuleRow
{
    private const int Count = 10;

    public static readonly Row Module = new("module", "The PowerShell module",
        $"In a PowerShell that has started and has run a cmdlet and a completion of its own (bench/module.ps1), {Count} new "
        + "processes each, in turns: `Import-Module`; the first cmdlet after it, `Get-McpComponent` of ten components over a new "
        + "connection; and the first and a later completion of `Get-McpComponent -Service `, where one node has ten components and "
        + "another accepts connections and never says a word.",
        async (session, cancellationToken) =>
        {
            var pwsh = Peers.Need(session.Peers.Pwsh, "PowerShell");
            var script = Path.Combine(SourceTree.Root, "bench", "module.ps1");
            using var hung = new TcpListener(IPAddress.Loopback, 0);
            hung.Start(512);
            var builds = session.Builds.Where(build => build.Module is not null).ToList();
            var measures = new Dictionary<(Build, string), Samples>();
            var later = builds.ToDictionary(build => build, _ => new Samples());
            var rounds = new Rounds();
            foreach (var build in builds)
            {
                var node = await Deployed.HaveAsync(session, "small", build, 10, cancellationToken);
                foreach (var what in (string[])["import", "cmdlet", "tab"])
                {
                    var command = new Command(pwsh, "-NoProfile", "-NonInteractive", "-File", script, build.Module!, what)
                    {
                        Environment = what == "tab" ? WithHung(session, node, ((IPEndPoint)hung.LocalEndpoint).Port) : node.Environment,
                    };
                    measures[(build, what)] = rounds.Add(async token =>
                    {
                        var times = (await command.RunAsync(token)).Output.Trim().Split('\n')[^1].Split(' ')
                            .Select(time => double.Parse(time, CultureInfo.InvariantCulture)).ToList();
                        if (times.Count > 1)
                            later[build].Add(times[1]);
                        return times[0];
                    })!;
                }
            }
            if (builds.FirstOrDefault() != session.Now)
                throw new InvalidOperationException("the module is not built");
            await rounds.RunAsync(Count, cancellationToken);
            return
            [
                Of("Import-Module", 150, "import"), Of("the first cmdlet", 250, "cmdlet"), Of("the first Tab, one node hangs", 300, "tab"),
                new("a later Tab, one node hangs", "ms", Goal.Below(300, "ms"), later[session.Now])
                {
                    Before = Earlier() is { } old ? later[old] : null,
                },
            ];

            Build? Earlier() => session.Before is { } before && builds.Contains(before) ? before : null;

            Figure Of(string name, double limit, string what) => new(name, "ms", Goal.Below(limit, "ms"), measures[(session.Now, what)])
            {
                Before = Earlier() is { } before ? measures[(before, what)] : null,
            };
        });

    /// <summary>The node's config, with a hung one in front.</summary>
    private static Dictionary<string, string> WithHung(Session session, Node node, int port)
    {
        var config = session.Scratch.File("module-" + node.Build.Label, "mcp.toml");
        var fingerprint = string.Join(':', Enumerable.Repeat("AB", 32));
        File.WriteAllText(config, File.ReadAllText(node.Environment["MCP_CONFIG"])
            + $"\n[[nodes]]\nname = \"hung\"\naddress = \"https://127.0.0.1:{port}\"\nfingerprint = \"{fingerprint}\"\ntoken = \"t\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(config, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        // Not the services folder: what the living node says has to come from the node.
        return new(node.Environment)
        {
            ["MCP_CONFIG"] = config,
            ["MCP_SERVICES_DIR"] = Path.GetDirectoryName(session.Scratch.Write("no-services/readme.txt", ""))!,
        };
    }
}
