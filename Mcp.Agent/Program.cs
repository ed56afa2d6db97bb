using Mcp.Agent.Hosting.Commands;

return await CommandLine.RunAsync(args, Console.Out, Console.Error);
