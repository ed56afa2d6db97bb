using System.CommandLine;
using Mcp.Cli.Arguments;
using Mcp.Cli.Operations;
using Mcp.Core.Client;

namespace Mcp.Cli.Commands;

internal static class DeployCommand
{
    public static Command Create(CommandBinding binding)
    {
        var target = ServiceTarget.Argument("The service, or one component of it", required: false).CompletedBy(binding);
        var file = new Option<string?>("--file", "-f") { Description = "A definition outside the services folder", HelpName = "file" };
        var images = new ImageOptions();
        var command = new Command("deploy", "Bring a service, or one component, to what its definition says; images that are missing are built first.") { target, file };
        images.AddTo(command);
        binding.Workstation.AddTo(command);
        binding.Bind(command, async (context, cancellationToken) =>
        {
            var named = context.Arguments.GetValue(target);
            var pipeline = new DeployPipeline(context.Config, context.Services, context.Fleet, context.Images);
            var deploy = pipeline.Prepare(new(named?.Service, named?.Component, context.Arguments.GetValue(file), context.SingleNode)
            {
                Pull = images.Pull(context.Arguments),
                Build = images.Build(context.Arguments),
            });
            context.Hint($"Deploying {named?.ToString() ?? deploy.Definition.Name} to {deploy.Node.Name} ({deploy.File})");
            return await new OperationFollower(context, deploy.Node.Name, named?.ToString()).FollowAsync(pipeline.RunAsync(deploy, cancellationToken), cancellationToken);
        });
        return command;
    }
}
