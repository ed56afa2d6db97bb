using System.CommandLine;
using Mcp.Agent.Auth;
using Mcp.Core;

namespace Mcp.Agent.Hosting.Commands;

/// <summary>mcp-agent token create|list|rotate|revoke</summary>
internal static class TokenCommand
{
    public static Command Create(TextWriter output, TextWriter error) =>
        new("token", "Creates, lists, rotates and revokes client tokens; a running agent applies changes at once.")
        {
            CreateToken(output, error),
            ListTokens(output, error),
            RotateToken(output, error),
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
        var expires = new Option<string?>("--expires")
        {
            Description = "How long the token is valid, such as 90d or 12h; otherwise until it is revoked.",
            HelpName = "TIME",
        };
        expires.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && Lifetime(text) is null)
                result.AddError($"'{text}' is not a time: write a number and d, h, m or s, such as 90d.");
        });
        var place = new DataPlace();
        var command = new Command("create", "Creates a token and shows it once.") { name, role, expires };
        place.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var value = RoleNames.TryParse(parsed.GetRequiredValue(role), out var known)
                ? known
                : throw new InvalidOperationException("the option accepts only known roles");
            var token = await Open(place, parsed).CreateAsync(
                parsed.GetRequiredValue(name), value, Lifetime(parsed.GetValue(expires)), cancellationToken);

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
        var place = new DataPlace();
        var command = new Command("list", "Lists names, roles, and when they were made and expire, never the tokens.");
        place.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            var tokens = Open(place, parsed).List();
            if (tokens.Count == 0)
                await error.WriteLineAsync("no tokens yet; create one with `mcp-agent token create --name NAME --role ROLE`");
            var width = tokens.Count == 0 ? 0 : tokens.Max(token => token.Name.Length);
            foreach (var token in tokens)
                await output.WriteLineAsync(
                    $"{token.Name.PadRight(width)}  {token.Role.ToText(),-8}  {token.CreatedAt.ToLocalTime():yyyy-MM-dd HH:mm}"
                    + End(token));
            return ExitCodes.Done;
        });
        return command;
    }

    private static string End(TokenRecord token) => token.ExpiresAt is not { } at ? ""
        : $"  {(at <= TimeProvider.System.GetUtcNow() ? "expired" : "expires")} {at.ToLocalTime():yyyy-MM-dd HH:mm}";

    /// <returns>null: no time, or not more than none.</returns>
    private static TimeSpan? Lifetime(string? text) =>
        text is not null && DurationText.TryParse(text) is { } time && time > TimeSpan.Zero ? time : null;

    private static Command RotateToken(TextWriter output, TextWriter error)
    {
        var name = new Argument<string>("NAME") { Description = "As `token list` shows it." };
        var place = new DataPlace();
        var command = new Command(
            "rotate", "Replaces a token by another one with its name and role, and shows that once; the old one is refused at once.")
        {
            name,
        };
        place.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var token = await Open(place, parsed).RotateAsync(parsed.GetRequiredValue(name), cancellationToken);
            await error.WriteLineAsync(
                $"another token '{parsed.GetRequiredValue(name)}'; it is not stored and can't be shown again, and the old one is refused:");
            await output.WriteLineAsync(token);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command RevokeToken(TextWriter error)
    {
        var name = new Argument<string>("NAME") { Description = "As `token list` shows it." };
        var place = new DataPlace();
        var command = new Command("revoke", "Revokes a token.") { name };
        place.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await Open(place, parsed).RevokeAsync(parsed.GetRequiredValue(name), cancellationToken);
            await error.WriteLineAsync($"token '{parsed.GetRequiredValue(name)}' is revoked");
            return ExitCodes.Done;
        });
        return command;
    }

    private static TokenStore Open(DataPlace place, ParseResult parsed)
    {
        var data = place.Find(parsed);
        data.Create();
        return new(data.Tokens, TimeProvider.System);
    }
}
