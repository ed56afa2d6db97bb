using System.CommandLine;
using Mcp.Cli.Arguments;
using Mcp.Cli.Operations;
using Mcp.Cli.Output;
using Mcp.Cli.Plans;
using Mcp.Core.Client;

namespace Mcp.Cli.Commands;

internal static class DeployCommand
{
    public static Command Create(CommandBinding binding)
    {
        var target = ServiceTarget.Argument("The service, or one component of it", required: false).CompletedBy(binding);
        var file = new Option<string?>("--file", "-f") { Description = "A definition outside the services folder", HelpName = "file" };
        var plan =
            new Option<bool>("--plan") { Description =
                "Only show what would be done, and change nothing: exit code 0 when that is nothing, 4 when there are changes" };
        var command = new Command(
            "deploy", "Bring a service, or one component, to what its definition says; images that are missing are built first.") { target,
            file, plan };
        var options = OperationArguments.OfDeploy(command);
        binding.Workstation.AddTo(command);
        binding.Bind(command, async (context, cancellationToken) =>
        {
            var arguments = context.Arguments;
            var named = arguments.GetValue(target);
            var pipeline = new DeployPipeline(context.Config, context.Services, context.Fleet, context.Images);
            var deploy = pipeline.Prepare(new(named?.Service, named?.Component, arguments.GetValue(file), context.SingleNode)
            {
                Options = options.Read(arguments),
            });
            if (!deploy.MayAskImageRegistries)
                context.ConnectsToNodesOnly();
            if (arguments.GetValue(plan))
                return Show(context, deploy, await pipeline.PlanAsync(deploy, cancellationToken));
            context.Hint($"Deploying {named?.ToString() ?? deploy.Definition.Name} to {deploy.Node.Name} ({deploy.File})");
            return await new OperationFollower(context, deploy.Node.Name, named?.ToString())
                .FollowAsync(pipeline.RunAsync(deploy, cancellationToken), cancellationToken);
        });
        return command;
    }

    private static int Show(CommandContext context, PreparedDeploy deploy, DeployPreview preview)
    {
        if (context.Json)
        {
            JsonOutput.WriteDocument(context.Host.Out, PlanJson.Of(preview, deploy.File));
        }
        else
        {
            foreach (var warning in preview.Warnings)
                ErrorView.WriteWarning(context.Host.Error, warning);
            new PlanView(preview, context.Width).WriteTo(context.Host.Console);
            if (preview.HasChanges)
                context.Hint("The same command without --plan does it.");
        }
        return preview.HasChanges ? ExitCode.ChangesPending : ExitCode.Done;
    }
}
