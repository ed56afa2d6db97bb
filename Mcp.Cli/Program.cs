Mcp.Core.Processes.StandardDescriptors.Open();
return await Mcp.Cli.CommandLine.RunAsync(args, Mcp.Cli.CliHost.ForProcess(), CancellationToken.None);
