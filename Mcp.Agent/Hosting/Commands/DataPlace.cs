using System.CommandLine;

namespace Mcp.Agent.Hosting.Commands;

/// <summary>The options that name the agent whose data directory is meant.</summary>
internal sealed class DataPlace
{
    private readonly Option<string> _config = RunCommand.ConfigOption();
    private readonly Option<string?> _directory = new("--dir")
    {
        Description = "The directory of an agent that runs with `mcp-agent dev --dir DIR`.",
        HelpName = "DIR",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_directory);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_directory) is not null && result.GetResult(_config) is { Implicit: false })
                result.AddError("--config and --dir can't be used together.");
        });
    }

    public DataDirectory Find(ParseResult parsed) => parsed.GetValue(_directory) is { } directory
        ? new DevDirectory(Path.GetFullPath(directory)).Data
        : new DataDirectory(AgentConfigReader.Load(parsed.GetRequiredValue(_config)).DataDirectory);
}
