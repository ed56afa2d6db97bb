using Mcp.Core.Client.Connections;
using Mcp.Core.Collections;
using Mcp.Core.Toml;

namespace Mcp.Core.Client.Workstation;

/// <summary>Reads [[nodes]].</summary>
internal sealed class NodeEntryReader(WorkstationEnvironment environment, string file)
{
    private readonly string _folder = Path.GetDirectoryName(file)!;
    private readonly Dictionary<string, int> _lines = new(StringComparer.OrdinalIgnoreCase);

    public ValueList<NodeConfig> ReadAll(TableReader root) => root.Tables("nodes").Select(Read).OfType<NodeConfig>().ToValueList();

    /// <summary>What is wrong with a node's name; null when nothing is.</summary>
    public static (string Message, string Remedy)? NameProblem(string name) =>
        name.Length is > 0 and <= 63 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            && char.IsAsciiLetterOrDigit(name[0])
            ? null
            : ($"'{name}' is not a name for a node", "use letters, digits, '-', '_' and '.', a letter or digit first, 63 at most");

    private NodeConfig? Read(TableReader entry)
    {
        var name = Name(entry);
        var address = Address(entry);
        var fingerprint = Fingerprint(entry);
        var ca = FilePath(entry, "ca_cert");
        if (fingerprint is not null && ca is not null)
            entry.Report("ca_cert", "a node has fingerprint or ca_cert, not both",
                "remove one: fingerprint trusts one certificate, ca_cert all that this CA issues");
        var (token, tokenPath) = Token(entry);
        if (name is null || address is null)
            return null;
        return new NodeConfig
        {
            Name = name,
            Address = address,
            Fingerprint = fingerprint,
            CaCertificatePath = ca,
            Token = token,
            TokenPath = tokenPath,
            Source = $"{file}:{entry.Position.Line}",
        };
    }

    private string? Name(TableReader entry)
    {
        var name = entry.RequiredString("name", "add name = \"...\", the name that definitions and --node use");
        if (name.Length == 0 && !entry.Has("name"))
            return null;
        if (NameProblem(name) is var (message, remedy))
            entry.Report("name", message, remedy);
        else if (!_lines.TryAdd(name, entry.Position.Line))
            entry.Report("name", $"node {name} is a duplicate, first in line {_lines[name]}", "give one another name, or remove it");
        return name;
    }

    private static Uri? Address(TableReader entry)
    {
        var written = entry.RequiredString("address", $"add address = \"https://host:{NodeAddress.DefaultPort}\"");
        if (NodeAddress.TryParse(written, out var address, out var problem))
            return address;
        if (entry.Has("address"))
            entry.Report("address", problem.Value.Message, problem.Value.Remedy);
        return null;
    }

    private static CertificateFingerprint? Fingerprint(TableReader entry)
    {
        if (entry.String("fingerprint") is not { } written)
            return null;
        if (CertificateFingerprint.TryParse(written) is { } fingerprint)
            return fingerprint;
        entry.Report("fingerprint", "this is not a SHA-256 fingerprint",
            "write 32 bytes in hexadecimal, with or without colons, as the agent prints it when it starts");
        return null;
    }

    private (Secret? Token, string? Path) Token(TableReader entry)
    {
        var written = entry.String("token");
        var path = FilePath(entry, "token_path");
        if (written is not null && path is not null)
            entry.Report("token_path", "a node has token or token_path, not both", "remove one");
        else if (!entry.Has("token") && !entry.Has("token_path"))
            entry.Report("", "a node needs a token",
                "add token_path = \"file\" (or token = \"...\"), with what `mcp-agent token create` printed");
        if (written is null)
            return (null, path);

        var token = TokenFile.Parse(written);
        if (token is null)
            entry.Report("token", "this is not a token", "write what `mcp-agent token create` printed, in one piece");
        return (token, path);
    }

    private string? FilePath(TableReader entry, string key)
    {
        if (entry.String(key) is not { } written)
            return null;
        if (written.Length > 0)
            return environment.Resolve(written, _folder);
        entry.Report(key, $"{key} is empty", "write a file, relative to this one or absolute");
        return null;
    }
}
