using System.CommandLine;
using Mcp.Core.Planning;

namespace Mcp.Cli.Arguments;

/// <summary>--no-build and --pull, which deploy and sync share.</summary>
internal sealed class ImageOptions
{
    private readonly Option<bool> _noBuild = new("--no-build") { Description = "Build nothing: a missing image is an error" };
    private readonly Option<string> _pull = new("--pull") { Description = "What the node pulls: missing (or moved) images, always all, never any", HelpName = "missing|always|never", DefaultValueFactory = _ => "missing" };

    public ImageOptions() => _pull.AcceptOnlyFromAmong("missing", "always", "never");

    public void AddTo(Command command)
    {
        command.Add(_noBuild);
        command.Add(_pull);
    }

    public bool Build(ParseResult arguments) => !arguments.GetValue(_noBuild);

    public PullPolicy Pull(ParseResult arguments) => arguments.GetValue(_pull) switch { "always" => PullPolicy.Always, "never" => PullPolicy.Never, _ => PullPolicy.Missing };
}
