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
        var services =
            new Argument<string[]>("service") { Description = "Services (none: all that have a definition)",
                Arity = ArgumentArity.ZeroOrMore }.CompletedBy(binding);
        var command = new Command(
            "sync",
            "Bring all services, or those named, to what their definitions say; a service that is up to date is not touched.") { services };
        var options = OperationArguments.OfDeploy(command);
        binding.Workstation.AddTo(command);
        binding.Bind(command, (context, cancellationToken) =>
        {
            var sync = new SyncPipeline(context.Config, context.Services, context.Fleet, context.Images);
            var prepared = sync.Prepare(new((context.Arguments.GetValue(services) ?? []).ToValueList(), context.SingleNode)
            {
                Options = options.Read(context.Arguments),
            });
            return new SyncFollower(context).FollowAsync(sync.RunAsync(prepared, cancellationToken), cancellationToken);
        });
        return command;
    }
}
