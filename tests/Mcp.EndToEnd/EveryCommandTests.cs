using System.Text.Json;
using System.Text.RegularExpressions;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd;

/// <summary>Each command once, as text and as JSON. A program that is compiled ahead of time has only the code that its compiler saw a use
/// for, so what is never run is not known to be there.</summary>
[Trait("Group", "e2e")]
public sealed partial class EveryCommandTests(NodeFixture node) : IClassFixture<NodeFixture>
{
    // SERVICE is deployed; its operation is OPERATION.
    private static readonly string[] Commands =
    [
        "ps", "status SERVICE", "history SERVICE", "events SERVICE -n 5", "audit SERVICE", "audit --verify",
        "logs SERVICE/web -n 5", "route list", "node status", "config show", "definition check FILE", "version", "watch OPERATION",
        "stop SERVICE/web", "start SERVICE/web", "restart SERVICE", "deploy SERVICE --force", "rollback SERVICE --to 1", "sync SERVICE",
        "image send SERVICE", "node list", "undeploy SERVICE --yes",
    ];

    private static readonly string[] TextOnly = ["node add again ADDRESS --token-file TOKEN --fingerprint PIN", "node remove again"];

    [EngineFact]
    public async Task EachCommand_AsTextAndAsJson_Succeeds()
    {
        foreach (var service in (string[])["text", "json"])
            node.Define(service, $"""
                name = "{service}"
                [[components]]
                name = "web"
                image = "{NodeFixture.Image}"
                [[components.routes]]
                port = 443
                """);
        (await node.McpAsync("deploy", "text")).Expect(0);
        var deployed = (await node.McpAsync("deploy", "json", "--json")).Expect(0).JsonLines;
        var operation = deployed.Select(line => line.GetProperty("operationId").GetString()!).First();

        foreach (var command in Commands)
        {
            (await RunAsync(command, "text", operation)).Expect(0);
            var json = (await RunAsync(command + " --json", "json", operation)).Expect(0);
            Assert.True(IsJson(json.Out), $"{command} --json printed:\n{json.Out}\n{json.Error}");
        }
        foreach (var command in TextOnly)
            (await RunAsync(command, "text", operation)).Expect(0);
    }

    [EngineFact]
    public async Task Commands_OfThisTest_AreAllThereAre()
    {
        var known = Commands.Concat(TextOnly).Select(command => command.Split(' '))
            .ToLookup(words => words[0], words => words.ElementAtOrDefault(1));
        // Builds are Images/BuildPushDeployTests', and what there is to cancel is CancelTests'.
        var names = (await NamesAsync("--help")).Except(["build", "completion", "cancel"]).ToList();
        Assert.NotEmpty(names);
        Assert.Empty(names.Except(known.Select(command => command.Key)));
        foreach (var name in names)
            Assert.Empty((await NamesAsync(name, "--help")).Except(known[name]));
    }

    [EngineFact]
    public async Task Completion_OfEachShell_IsAScript()
    {
        foreach (var shell in (string[])["bash", "zsh", "fish", "pwsh"])
            Assert.Contains("[suggest:", (await node.McpAsync("completion", shell)).Expect(0).Out, StringComparison.Ordinal);
        Assert.Contains("deploy", (await node.McpAsync("[suggest:6]", "mcp de")).Expect(0).Out, StringComparison.Ordinal);
    }

    private async Task<CliResult> RunAsync(string command, string service, string operation)
    {
        var config = await File.ReadAllTextAsync(node.ConfigFile);
        return await node.McpAsync([.. command.Split(' ').Select(word => word
            .Replace("SERVICE", service, StringComparison.Ordinal)
            .Replace("OPERATION", operation, StringComparison.Ordinal)
            .Replace("FILE", Path.Combine(node.ServicesDirectory, service + ".toml"), StringComparison.Ordinal)
            .Replace("ADDRESS", Address().Match(config).Groups[1].Value, StringComparison.Ordinal)
            .Replace("PIN", Fingerprint().Match(config).Groups[1].Value, StringComparison.Ordinal)
            .Replace("TOKEN", Path.Combine(node.AgentDirectory, "token"), StringComparison.Ordinal))]);
    }

    /// <summary>One document, or one on each line.</summary>
    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException) when (text.Contains('\n', StringComparison.Ordinal))
        {
            return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).All(IsJson);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Of the list of commands in a help text.</summary>
    private async Task<IEnumerable<string>> NamesAsync(params string[] arguments)
    {
        var help = (await node.McpAsync(arguments)).Expect(0).Out.ReplaceLineEndings("\n");
        var list = help.IndexOf("\nCommands:\n", StringComparison.Ordinal);
        return list < 0 ? [] : Name().Matches(help[list..]).Select(match => match.Groups[1].Value);
    }

    [GeneratedRegex("^  ([a-z]+)", RegexOptions.Multiline)]
    private static partial Regex Name();

    [GeneratedRegex("address = \"(.+)\"")]
    private static partial Regex Address();

    [GeneratedRegex("fingerprint = \"(.+)\"")]
    private static partial Regex Fingerprint();
}
