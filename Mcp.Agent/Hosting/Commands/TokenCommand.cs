using System.CommandLine;
using System.CommandLine.Parsing;
using Mcp.Agent.Auth;

namespace Mcp.Agent.Hosting.Commands;

/// <summary>mcp-agent token create|list|revoke</summary>
internal static class TokenCommand
{
    public static Command Create(TextWriter output, TextWriter error) =>
        new("token", "Creates, lists and revokes client tokens; a running agent applies changes at once.")
        {
            CreateToken(output, error),
            ListTokens(output, error),
            RevokeToken(error),
        };

    private static Command CreateToken(TextWriter output, TextWriter error)
    {
        var name = new Option<string>("--name")
        {
            Description = "Who the token is for; recorded with every action.",
            HelpName = "NAME",
            Required = true,
        };
        var role = new Option<string>("--role")
        {
            Description = "What the token permits.",
            HelpName = string.Join('|', RoleNames.All),
            Required = true,
        };
        role.AcceptOnlyFromAmong(RoleNames.All);
        var place = new TokenPlace();
        var command = new Command("create", "Creates a token and shows it once.") { name, role };
        place.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var value = RoleNames.TryParse(parsed.GetRequiredValue(role), out var known)
                ? known
                : throw new InvalidOperationException("the option accepts only known roles");
            var token = await place.Open(parsed).CreateAsync(parsed.GetRequiredValue(name), value, cancellationToken);

            // The token alone goes to stdout, so that it can be redirected to a file.
            await error.WriteLineAsync(
                $"token '{parsed.GetRequiredValue(name)}' with the role {value.ToText()}; it is not stored and can't be shown again:");
            await output.WriteLineAsync(token);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command ListTokens(TextWriter output, TextWriter error)
    {
        var place = new TokenPlace();
        var command = new Command("list", "Lists names, roles and creation times, never the tokens.");
        place.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            var tokens = place.Open(parsed).List();
            if (tokens.Count == 0)
                await error.WriteLineAsync("no tokens yet; create one with `mcp-agent token create --name NAME --role ROLE`");
            var width = tokens.Count == 0 ? 0 : tokens.Max(token => token.Name.Length);
            foreach (var token in tokens)
                await output.WriteLineAsync(
                    $"{token.Name.PadRight(width)}  {token.Role.ToText(),-8}  {token.CreatedAt.ToLocalTime():yyyy-MM-dd HH:mm}");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command RevokeToken(TextWriter error)
    {
        var name = new Argument<string>("NAME") { Description = "As `token list` shows it." };
        var place = new TokenPlace();
        var command = new Command("revoke", "Revokes a token.") { name };
        place.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await place.Open(parsed).RevokeAsync(parsed.GetRequiredValue(name), cancellationToken);
            await error.WriteLineAsync($"token '{parsed.GetRequiredValue(name)}' is revoked");
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>The options that name the agent whose tokens are meant.</summary>
    private sealed class TokenPlace
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

        public TokenStore Open(ParseResult parsed)
        {
            var data = parsed.GetValue(_directory) is { } directory
                ? new DevDirectory(Path.GetFullPath(directory)).Data
                : new DataDirectory(AgentConfigReader.Load(parsed.GetRequiredValue(_config)).DataDirectory);
            data.Create();
            return new(data.Tokens, TimeProvider.System);
        }
    }
}
