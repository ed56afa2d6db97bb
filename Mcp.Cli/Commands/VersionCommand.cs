using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Mcp.Cli.Output;
using Spectre.Console;

namespace Mcp.Cli.Commands;

internal static class VersionCommand
{
    public static Command Create(CommandBinding binding)
    {
        var command = new Command("version", "Show the version of this program (of the agents: mcp node status).");
        binding.Bind(command, context =>
        {
            // What stands after '+' is the commit; a person looks for the release.
            var attribute = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!;
            var version = attribute.InformationalVersion.Split('+')[0];
            if (context.Json)
            {
                JsonOutput.WriteDocument(context.Host.Out, new JsonObject
                {
                    ["version"] = version,
                    ["runtime"] = RuntimeInformation.FrameworkDescription,
                    ["platform"] = RuntimeInformation.RuntimeIdentifier,
                });
            }
            else
            {
                context.Host.Console.Write(
                    new Text($"mcp {version} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})\n"));
            }
            return ExitCode.Done;
        });
        return command;
    }
}
