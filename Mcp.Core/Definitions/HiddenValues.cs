using Mcp.Core.Collections;

namespace Mcp.Core.Definitions;

/// <summary>What of a definition may leave the node: everything but what may be a secret.</summary>
public static class HiddenValues
{
    /// <summary>Stands for each value that is hidden.</summary>
    public const string Mark = "***";

    /// <summary>Names of environment variables and build arguments stay, their values go; so do the arguments of `cmd` and of
    /// `exec`.</summary>
    public static ServiceDefinition WithoutSecrets(this ServiceDefinition definition) => definition with
    {
        BuildArguments = new ValueMap(definition.BuildArguments.Select(a => KeyValuePair.Create(a.Key, Mark))),
        Components = definition.Components.Select(c => c with
        {
            Environment = c.Environment.Select(e => e.Split('=', 2)[0] + "=" + Mark).ToValueList(),
            Command = Hidden(c.Command),
            Health = c.Health is { } health ? health with { Exec = Hidden(health.Exec) } : null,
        }).ToValueList(),
    };

    private static ValueList<string> Hidden(ValueList<string> arguments) => arguments.Count == 0 ? [] : [Mark];
}
