using System.CommandLine;
using Mcp.Cli.Arguments;
using Mcp.Cli.Operations;
using Mcp.Core.Client.Images;

namespace Mcp.Cli.Commands;

internal static class BuildCommand
{
    public static Command Create(CommandBinding binding)
    {
        var target = ImageTarget.Argument("The service, or one of its images by the name in [build.images]").CompletedBy(binding);
        var file = new Option<string?>("--file", "-f") { Description = "A definition outside the services folder", HelpName = "file" };
        var noPush = new Option<bool>("--no-push") { Description = "Keep the images in this workstation's engine" };
        var noCache = new Option<bool>("--no-cache") { Description = "Run every step, whatever ran before" };
        var platform = new Option<string?>("--platform") { Description = "Build for another kind of machine", HelpName = "linux/arm64" };
        var command = new Command("build", "Build a service's images and push them.") { target, file, noPush, noCache, platform };
        binding.Workstation.AddTo(command);
        binding.Bind(command, (context, cancellationToken) =>
        {
            var arguments = context.Arguments;
            var named = arguments.GetValue(target);
            var options = new ImageBuildOptions(!arguments.GetValue(noPush), arguments.GetValue(noCache), arguments.GetValue(platform));
            var updates = new ImagePipeline(context.Config, context.Services, context.Images)
                .BuildAsync(new(named?.Service, named?.Image, arguments.GetValue(file)), options, cancellationToken);
            return new ImageFollower(context, withOutput: true).FollowAsync(updates, cancellationToken);
        });
        return command;
    }
}
