using Mcp.Agent.Hosting.Commands;
using Mcp.Core.Processes;

StandardDescriptors.Open();
return await CommandLine.RunAsync(args, Console.Out, Console.Error);
