using Mcp.Core.Collections;
using Mcp.Core.Definitions;

namespace Mcp.Core.Client.Workstation;

/// <summary>A definition that was read, its file and what in it has no effect.</summary>
public sealed record ServiceFile(string File, ServiceDefinition Definition, ValueList<Problem> Warnings);

/// <summary>The folder with one TOML file per service, named after it.</summary>
/// <param name="images">Filled into images that a definition leaves short.</param>
public sealed class ServiceDirectory(string folder, WorkstationEnvironment environment, ImageDefaults? images = null)
{
    private const string Extension = ".toml";

    public string Folder => folder;

    /// <summary>The services that have a file, in ordinal order; none when the folder does not exist.</summary>
    public IReadOnlyList<string> Names()
    {
        try
        {
            var names = Directory.EnumerateFiles(folder, "*" + Extension).Select(f => Path.GetFileNameWithoutExtension(f));
            return [.. names.Where(n => !n.StartsWith('.')).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public string PathOf(string service) => Path.Combine(folder, service + Extension);

    /// <summary>Reads and validates a service's file.</summary>
    /// <exception cref="McpException">There is no such file, or it is wrong (every problem).</exception>
    public ServiceFile Read(string service)
    {
        var path = PathOf(service);
        // A name with a separator would leave the folder.
        if (Path.GetFileName(path) != service + Extension || !File.Exists(path))
            throw Unknown(service);
        var read = ReadFile(path);
        if (read.Definition.Name != service)
        {
            throw new McpException("invalid-definition", $"{path} is not usable",
                [new Problem(path, 1, 1, $"the file is named after service {service}, but defines {read.Definition.Name}",
                    $"set name = \"{service}\", or rename the file to {read.Definition.Name}{Extension}")]);
        }
        return read;
    }

    /// <summary>Reads and validates any definition file.</summary>
    public ServiceFile ReadFile(string file)
    {
        var path = environment.Resolve(file, environment.CurrentDirectory);
        var result = DefinitionReader.ReadFile(path, images);
        if (result.Definition is { } definition)
            return new(path, definition, result.Warnings.Select(w => w with { File = file }).ToValueList());
        // Named as the user named it, not as it was resolved.
        var problems = result.Problems.Select(p => p with { File = file }).ToList();
        throw new McpException("invalid-definition", $"{file} has {(problems.Count == 1 ? "a mistake" : $"{problems.Count} mistakes")}",
            problems);
    }

    /// <summary>The node that a service's file names; null when it has no file, names none, or is wrong.</summary>
    public string? NodeOf(string service)
    {
        try
        {
            return Read(service).Definition.Node;
        }
        catch (McpException)
        {
            // Only a deploy needs a correct file: a service can be stopped while its file is being edited.
            return null;
        }
    }

    private McpException Unknown(string service)
    {
        var names = Names();
        return new(ErrorKind.NotFound, "unknown-service", $"there is no definition of service {service}: {PathOf(service)} does not exist",
            names.Count == 0 ? $"write one, or set MCP_SERVICES_DIR or [services] dir ({folder} holds none)"
                : NearestName.Remedy(service, names, "services there"));
    }
}
