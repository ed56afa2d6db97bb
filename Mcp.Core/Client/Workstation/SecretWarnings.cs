using Mcp.Core.Collections;

namespace Mcp.Core.Client.Workstation;

/// <summary>Tokens that other users of this machine can read.</summary>
internal static class SecretWarnings
{
    public static ValueList<Problem> Of(string configFile, IEnumerable<NodeConfig> nodes)
    {
        var warnings = new List<Problem>();
        foreach (var node in nodes)
        {
            if (node.TokenPath is { } path && TokenFile.IsOpenToOthers(path))
                warnings.Add(new(null, 0, 0, $"the token of node {node.Name} can be read by other users of this machine",
                    $"chmod 600 {path}"));
        }
        if (nodes.Any(n => n.Token is not null) && TokenFile.IsOpenToOthers(configFile))
            warnings.Add(new(null, 0, 0, $"{configFile} holds tokens and can be read by other users of this machine",
                $"chmod 600 {configFile}"));
        return warnings.ToValueList();
    }
}
