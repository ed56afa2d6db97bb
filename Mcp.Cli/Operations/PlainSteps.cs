using Mcp.Core.Operations;

namespace Mcp.Cli.Operations;

/// <summary>One line per finished step: for logs and pipes.</summary>
internal sealed class PlainSteps(CliHost host)
{
    public async Task<OperationEnded?> ShowAsync(IAsyncEnumerable<OperationUpdate> updates)
    {
        StepLine? line = null;
        OperationEnded? ended = null;
        await foreach (var update in updates)
        {
            if (update is OperationPlanned plan)
                line = new StepLine(plan);
            else if (update is StepProgressed step && line is not null && StepLine.IsFinal(step.State))
                host.Console.Write(line.Finished(step, step.State.ToString().ToLowerInvariant().PadRight("reverted".Length)));
            host.Out.Flush();
            ended = update as OperationEnded;
        }
        return ended;
    }
}
