using System.CommandLine;
using Mcp.Cli.Output;

namespace Mcp.Cli.Commands;

internal static class ConfigShowCommand
{
    public static Command Create(CommandBinding binding)
    {
        var command = new Command(
            "show",
            "Show each setting and where it came from: an option, a variable, a line of the file, or the default. Tokens are hidden.");
        binding.Workstation.AddTo(command);
        binding.Bind(command, context =>
        {
            var settings = context.Config.Describe();
            if (context.Json)
            {
                JsonOutput.WriteList(context.Host.Out, settings.Select(s => JsonOutput.Of(null, s)));
                return ExitCode.Done;
            }
            var table = new TableView(new("SETTING", 100), new("VALUE", 90), new("SOURCE", 80));
            foreach (var (key, value, source) in settings)
                table.Add(key, value is null ? new TableCell("not set", StateStyle.Off) : value, source);
            table.WriteTo(context.Host.Console, context.Width);
            return ExitCode.Done;
        });
        return command;
    }
}
