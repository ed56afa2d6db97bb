using System.CommandLine;
using Mcp.Cli.Arguments;
using Mcp.Core.Client;
using Mcp.Core.Client.Connections;
using Mcp.Core.Client.Workstation;
using Spectre.Console;

namespace Mcp.Cli.Commands;

internal sealed class NodeAddCommand
{
    private readonly Argument<string> _name = new("name") { Description = "What to call it: definitions and --node use this name" };
    private readonly Argument<string> _address = new("address") { Description = "https://host:9443, host:port or host" };
    private readonly Option<bool> _tokenStdin =
        new("--token-stdin") { Description = "Read the token from standard input and store it next to the config" };
    private readonly Option<string?> _tokenFile =
        new("--token-file") { Description = "The file that holds the token; it stays where it is", HelpName = "file" };
    private readonly Option<string?> _fingerprint =
        new("--fingerprint") { Description = "SHA-256 of the agent's certificate, as it prints it", HelpName = "hex" };
    private readonly Option<string?> _caCert =
        new("--ca-cert") { Description = "PEM file of the CA that issued the agent's certificate", HelpName = "file" };
    private readonly Option<bool> _accept =
        new("--accept-fingerprint") { Description = "Trust the certificate that the agent shows now, without asking" };

    public static Command Create(CommandBinding binding)
    {
        var self = new NodeAddCommand();
        var command = new Command("add", "Add a node to the config, after its certificate and the token have been checked.")
        {
            self._name, self._address, self._tokenStdin, self._tokenFile, self._fingerprint, self._caCert, self._accept,
        };
        binding.Bind(command, self.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var name = context.Arguments.GetRequiredValue(_name);
        var editor = new WorkstationConfigEditor(context.Host.Environment, context.Config);
        editor.CheckNew(name);
        if (!NodeAddress.TryParse(context.Arguments.GetRequiredValue(_address), out var address, out var problem))
            throw new McpException(ErrorKind.Usage, "invalid-address", problem.Value.Message, problem.Value.Remedy);
        var entry =
            new NodeEntry { Name = name, Address = address, CaCertificatePath = FullPath(context, _caCert),
                Fingerprint = GivenFingerprint(context) };
        if (entry is { Fingerprint: not null, CaCertificatePath: not null })
            throw new McpException(
                ErrorKind.Usage, "two-trusts", "--fingerprint and --ca-cert were both given",
                "give one: a fingerprint trusts one certificate, a CA all that it issues");

        entry = await WithTokenAsync(context, entry, cancellationToken);
        if (entry is { Fingerprint: null, CaCertificatePath: null } && await PinAsync(context, entry, cancellationToken) is var (go, pin))
        {
            if (!go)
                return ExitCode.Failed;
            entry = entry with { Fingerprint = pin };
        }
        await VerifyAsync(context, entry, cancellationToken);
        editor.Add(entry);
        context.Hint($"Added {name} to {context.Config.File.Value}.");
        return ExitCode.Done;
    }

    private CertificateFingerprint? GivenFingerprint(CommandContext context)
    {
        if (context.Arguments.GetValue(_fingerprint) is not { } written)
            return null;
        return CertificateFingerprint.TryParse(written) ?? throw new McpException(ErrorKind.Usage, "invalid-fingerprint",
            "--fingerprint is no SHA-256 fingerprint",
            "write 32 bytes in hexadecimal, with or without colons, as the agent prints it when it starts");
    }

    private async Task<NodeEntry> WithTokenAsync(CommandContext context, NodeEntry entry, CancellationToken cancellationToken)
    {
        if (FullPath(context, _tokenFile) is { } file)
            return entry with { TokenPath = file };
        string? text;
        if (context.Arguments.GetValue(_tokenStdin))
            text = await Task.Run(context.Host.In.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
        else if (context.Host is { CanAsk: true, IsTerminal: true })
            text = await new TextPrompt<string>("Token (mcp-agent token create prints it):").Secret(null)
                .ShowAsync(context.Host.Error, cancellationToken);
        else
            throw new McpException(ErrorKind.Usage, "no-token", "a token is needed", "give it with --token-stdin or --token-file");
        return entry with
        {
            Token = NodeConfig.ParseToken(text ?? "")
                ?? throw new McpException(
                    ErrorKind.Usage, "no-token", "that is no token", "give the line that `mcp-agent token create` printed"),
        };
    }

    /// <summary>Shows the certificate and asks. A certificate that the machine trusts anyway is not pinned: it will be renewed.</summary>
    private async Task<(bool Go, CertificateFingerprint? Pin)> PinAsync(
        CommandContext context, NodeEntry entry, CancellationToken cancellationToken)
    {
        var shown = await CertificateProbe.AskAsync(entry.Name, entry.Address, new AgentClientOptions().ConnectTimeout, cancellationToken);
        if (shown.TrustedByMachine)
            return (true, null);
        if (context.Arguments.GetValue(_accept))
        {
            context.Hint($"Trusting the certificate with fingerprint {shown.Fingerprint}");
            return (true, shown.Fingerprint);
        }
        var description =
            $"{NodeAddress.Display(entry.Address)} presents a certificate for {shown.HostNames}, valid until " +
            $"{shown.NotAfter:yyyy-MM-dd}, with fingerprint\n  {shown.Fingerprint}\n";
        if (!context.Host.CanAsk || context.Arguments.GetValue(_tokenStdin))
        {
            throw new McpException(
                ErrorKind.Usage, "not-confirmed", description.TrimEnd() + "\nand there is no terminal to confirm it",
                "compare it with what the agent printed when it started, then add --fingerprint with it (or --accept-fingerprint to " +
                "trust it unseen)");
        }
        context.Host.Error.Write(new Text(description));
        return (
            await Confirmation.AskAsync(context, "Is that what the agent printed when it started?", cancellationToken), shown.Fingerprint);
    }

    private static async Task VerifyAsync(CommandContext context, NodeEntry entry, CancellationToken cancellationToken)
    {
        using var agent = new AgentClient(entry.ToConfig(), new AgentClientOptions());
        var status = await agent.GetNodeStatusAsync(cancellationToken);
        context.Hint($"The agent {status.AgentVersion} on {status.Hostname} accepts the token.");
    }

    private static string? FullPath(CommandContext context, Option<string?> option) =>
        context.Arguments.GetValue(option) is { } path ? Path.GetFullPath(path, context.Host.Environment.CurrentDirectory) : null;
}
