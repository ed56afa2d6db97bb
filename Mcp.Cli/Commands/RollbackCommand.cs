using System.CommandLine;
using System.Globalization;
using Mcp.Cli.Arguments;
using Mcp.Cli.Operations;

namespace Mcp.Cli.Commands;

internal static class RollbackCommand
{
    public static Command Create(CommandBinding binding)
    {
        var service = new Argument<string>("service") { Description = "The service" }.CompletedBy(binding);
        var to = new Option<int?>("--to")
        {
            Description = "The number of the release, as in `mcp history` (default: the last successful one before the current release)",
            HelpName = "release",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
                    return number;
                result.AddError($"--to '{text}' is no release; write a number such as 3 (`mcp history` lists them)");
                return null;
            },
        };
        var command = new Command("rollback", "Deploy an earlier release again: its definition, and exactly its images.") { service, to };
        var options = OperationArguments.OfRollback(command);
        binding.Bind(command, async (context, cancellationToken) =>
        {
            var arguments = context.Arguments;
            var name = arguments.GetRequiredValue(service);
            var agent = await context.AgentOfAsync(name, cancellationToken);
            var updates = agent.RollbackAsync(name, arguments.GetValue(to), options.Read(arguments), cancellationToken);
            return await new OperationFollower(context, agent.Node.Name, name).FollowAsync(updates, cancellationToken);
        });
        return command;
    }
}
