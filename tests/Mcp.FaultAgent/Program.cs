using Mcp.Agent.Deploy;
using Mcp.Agent.Hosting;
using Mcp.FaultAgent;
using Microsoft.Extensions.DependencyInjection;

// `Mcp.FaultAgent DIR`: the agent as `mcp-agent dev --dir DIR` runs it, which besides listens to its standard input:
// "hold SERVICE before 4" stops the service's next operation at that moment of that step ("held ..." is printed), "release ..." lets it go
// on.
var place = new DevDirectory(Path.GetFullPath(args[0]));
place.Create();
var holds = new StepHolds(line =>
{
    lock (place)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
});
await using var agent = await AgentHost.StartAsync(
    place.Config("node1", null), TimeProvider.System, services => services.AddSingleton<StepHook>(holds.AtAsync), CancellationToken.None);
await place.WriteClientFilesAsync("node1", agent.Address.Port, agent.Fingerprint, CancellationToken.None);
Console.Out.WriteLine("ready");
Console.Out.Flush();

while (await Console.In.ReadLineAsync() is { } line)
{
    if (line.Split(' ', 2) is not [var verb, var point])
        continue;
    if (verb == "hold")
        holds.Add(point);
    else
        holds.Release(point);
    Console.Out.WriteLine($"{verb}: {point}");
    Console.Out.Flush();
}
