using System.CommandLine;
using Mcp.Cli.Arguments;
using Mcp.Cli.Operations;
using Mcp.Core.Client.Sync;
using Mcp.Core.Collections;

namespace Mcp.Cli.Commands;

internal static class SyncCommand
{
    public static Command Create(CommandBinding binding)
    {
        var services = new Argument<string[]>("service") { Description = "Services (none: all that have a definition)", Arity = ArgumentArity.ZeroOrMore }.CompletedBy(binding);
        var images = new ImageOptions();
        var command = new Command("sync", "Bring all services, or those named, to what their definitions say; what is as it should be is left alone.") { services };
        var (force, wait) = (OperationOptions.Force(), OperationOptions.Wait());
        command.Add(force);
        command.Add(wait);
        images.AddTo(command);
        binding.Workstation.AddTo(command);
        binding.Bind(command, (context, cancellationToken) =>
        {
            var sync = new SyncPipeline(context.Config, context.Services, context.Fleet, context.Images);
            var prepared = sync.Prepare(new((context.Arguments.GetValue(services) ?? []).ToValueList(), context.SingleNode)
            {
                Pull = images.Pull(context.Arguments),
                Build = images.Build(context.Arguments),
                Force = context.Arguments.GetValue(force),
                Wait = context.Arguments.GetValue(wait),
            });
            return new SyncFollower(context).FollowAsync(sync.RunAsync(prepared, cancellationToken), cancellationToken);
        });
        return command;
    }
}
