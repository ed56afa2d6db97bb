using System.CommandLine;
using Mcp.Core.Planning;

namespace Mcp.Cli.Arguments;

/// <summary>The options of commands that begin an operation, declared once. A command offers those that mean something to it.</summary>
internal sealed class OperationArguments
{
    private readonly Option<bool> _force = new("--force") { Description = "Replace also what is unchanged" };
    private readonly Option<bool> _takeOver = new("--take-over")
    {
        Description = "Replace also containers that another agent, or a person, made under the names that this needs",
    };
    private readonly Option<bool> _wait =
        new("--wait") { Description = "While another operation has the service locked: wait for it instead of failing" };
    private readonly Option<bool> _noBuild = new("--no-build") { Description = "Build nothing: a missing image is an error" };
    private readonly Option<string> _pull = new("--pull")
    {
        Description = "What the node pulls: missing (or moved) images, always all, never any",
        HelpName = "missing|always|never",
        DefaultValueFactory = _ => "missing",
    };

    private OperationArguments(Command command, bool force, bool images)
    {
        _pull.AcceptOnlyFromAmong("missing", "always", "never");
        if (force)
            command.Add(_force);
        command.Add(_wait);
        if (!images)
            return;
        command.Add(_takeOver);
        command.Add(_noBuild);
        command.Add(_pull);
    }

    public static OperationArguments OfDeploy(Command command) => new(command, force: true, images: true);

    public static OperationArguments OfRollback(Command command) => new(command, force: true, images: false);

    /// <summary>start, stop, restart and undeploy.</summary>
    public static OperationArguments OfLifecycle(Command command) => new(command, force: false, images: false);

    /// <summary>What a command does not offer keeps its default.</summary>
    public OperationOptions Read(ParseResult arguments) => new()
    {
        Images = new() { Pull = Enum.Parse<PullPolicy>(arguments.GetValue(_pull) ?? "missing", ignoreCase: true) },
        Build = !arguments.GetValue(_noBuild),
        Force = arguments.GetValue(_force),
        TakeOver = arguments.GetValue(_takeOver),
        Wait = arguments.GetValue(_wait),
    };
}
