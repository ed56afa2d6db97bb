using Mcp.Core.Toml;

namespace Mcp.Core.Client.Workstation;

/// <summary>Adds and removes nodes in the config file, without touching the rest of it. Files become readable by their owner
/// only.</summary>
public sealed class WorkstationConfigEditor(WorkstationEnvironment environment, WorkstationConfig config)
{
    private readonly string _path = config.File.Value;

    /// <exception cref="McpException">The name is taken or unusable; nothing was written.</exception>
    public void CheckNew(string name)
    {
        if (NodeEntryReader.NameProblem(name) is var (message, remedy))
            throw new McpException(ErrorKind.Usage, "invalid-name", message, remedy);
        if (config.Nodes.FirstOrDefault(n => string.Equals(n.Name, name, StringComparison.OrdinalIgnoreCase)) is { } there)
            throw new McpException(ErrorKind.Usage, "node-exists", $"node {there.Name} already exists ({there.Source})",
                $"remove it first with `mcp node remove {there.Name}`, or choose another name");
    }

    /// <summary>Writes the node, and its token into a file beside the config when it comes as text.</summary>
    /// <exception cref="McpException">The name is taken, or the file can't be edited or written.</exception>
    public void Add(NodeEntry node)
    {
        CheckNew(node.Name);
        var tokenPath = node.TokenPath ?? OwnTokenPath(node.Name);
        var entry = new TomlTable { { "name", TomlScalar.Of(node.Name) },
            { "address", TomlScalar.Of(node.Address.GetLeftPart(UriPartial.Authority)) } };
        if (node.Fingerprint is { } pin)
            entry.Add("fingerprint", TomlScalar.Of(pin.ToString()));
        if (node.CaCertificatePath is { } ca)
            entry.Add("ca_cert", TomlScalar.Of(Written(ca)));
        entry.Add("token_path", TomlScalar.Of(Written(tokenPath)));

        var editor = Open();
        editor.Append("nodes", entry);
        var expected = config.Nodes.Append(node.ToConfig() with { Token = null, TokenPath = tokenPath });
        Check(editor.Text, expected);
        Save(() =>
        {
            if (node.TokenPath is null)
                PrivateFile.Write(tokenPath, node.Token!.Reveal() + "\n");
            PrivateFile.Write(_path, editor.Text);
        });
    }

    /// <summary>Takes the node out, and its token file when <see cref="Add"/> made it.</summary>
    /// <exception cref="McpException">There is no such node, or the file can't be edited or written.</exception>
    public void Remove(string name)
    {
        var node = config.Nodes.FirstOrDefault(n => string.Equals(n.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw config.UnknownNode(name);
        var editor = Open();
        if (!editor.Remove($"nodes[{config.Nodes.ToList().IndexOf(node)}]"))
            throw NotEditable();
        Check(editor.Text, config.Nodes.Where(n => n != node));
        Save(() =>
        {
            PrivateFile.Write(_path, editor.Text);
            if (node.TokenPath == OwnTokenPath(node.Name))
                File.Delete(node.TokenPath);
        });
    }

    private TomlEditor Open()
    {
        try
        {
            return new TomlEditor(WorkstationConfigReader.ReadText(_path) ?? "");
        }
        catch (FormatException)
        {
            // It was correct when the config was read; it is being edited.
            throw NotEditable();
        }
    }

    private string OwnTokenPath(string name) => Path.Combine(Path.GetDirectoryName(_path)!, "tokens", name);

    /// <summary>Relative to the config where the file lies below it, so that the folder can move.</summary>
    private string Written(string path)
    {
        var folder = Path.GetDirectoryName(_path)!;
        var relative = Path.GetRelativePath(folder, path);
        return Path.IsPathRooted(relative) || relative.StartsWith("..", StringComparison.Ordinal) ? path : relative.Replace('\\', '/');
    }

    /// <summary>The edited text must say what was meant before it replaces anything: nodes = [{ ... }] can't be added to, for
    /// example.</summary>
    private void Check(string text, IEnumerable<NodeConfig> expected)
    {
        var document = TomlDocument.Read(text, _path);
        var nodes = new NodeEntryReader(environment, _path).ReadAll(document.Root);
        _ = new SettingsReader(document, environment, WorkstationOverrides.None, _path).Read(config.File);
        if (document.Finish().Count > 0 || !nodes.Select(Unplaced).SequenceEqual(expected.Select(Unplaced)))
            throw NotEditable();
    }

    private static NodeConfig Unplaced(NodeConfig node) => node with { Source = "" };

    private McpException NotEditable() => new(ErrorKind.Usage, "config-not-editable",
        $"{_path} is written in a way that can't be edited here", "change it by hand: each node is a [[nodes]] section");

    private void Save(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new McpException(ErrorKind.OperationFailed, "config-not-written", $"{_path} can't be written: {e.Message}",
                "make the folder writable, or name another file with --config", inner: e);
        }
    }
}
