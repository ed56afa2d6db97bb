using System.CommandLine;
using Mcp.Cli.Arguments;
using Mcp.Cli.Operations;
using Mcp.Core.Client.Images;

namespace Mcp.Cli.Commands;

internal static class ImageSendCommand
{
    public static Command Create(CommandBinding binding)
    {
        var target = ImageTarget.Argument("The service, or one of its images").CompletedBy(binding);
        var file = new Option<string?>("--file", "-f") { Description = "A definition outside the services folder", HelpName = "file" };
        var command = new Command(
            "send",
            "Send a service's images from this workstation's engine straight to the node's: the layers that it lacks. Needs no image " +
            "registry.") { target, file };
        binding.Workstation.AddTo(command);
        binding.Bind(command, (context, cancellationToken) =>
        {
            var named = context.Arguments.GetValue(target);
            var updates = new ImagePipeline(context.Config, context.Services, context.Images)
                .SendAsync(new(named?.Service, named?.Image, context.Arguments.GetValue(file)), context.SingleNode, cancellationToken);
            return new ImageFollower(context, withOutput: false).FollowAsync(updates, cancellationToken);
        });
        return command;
    }
}
