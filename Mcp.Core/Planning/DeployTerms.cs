namespace Mcp.Core.Planning;

/// <summary>What a deploy is asked for, besides its definition.</summary>
public sealed record DeployTerms
{
    public static readonly DeployTerms Default = new();

    public ImagePins Images { get; init; } = ImagePins.None;

    /// <summary>Replace also what is unchanged.</summary>
    public bool Force { get; init; }

    /// <summary>False: tasks stay as they are. An older migration has nothing to say to what a newer one has made.</summary>
    public bool RunTasks { get; init; } = true;

    /// <summary>While another operation has the service: wait for it instead of failing.</summary>
    public bool Wait { get; init; }
}
