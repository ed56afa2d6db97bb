using Mcp.Core.Containers;

namespace Mcp.Testing.Containers;

/// <summary>What containers of an image do in the <see cref="FakeContainerRuntime"/>.</summary>
public sealed record FakeImage
{
    /// <summary>Runs until it is stopped.</summary>
    public static readonly FakeImage Runs = new();

    /// <summary>What one start does. Replace it to let the behaviour depend on the container.</summary>
    public Func<ContainerSpec, FakeRun> Start { get; init; } = _ => new FakeRun();

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The content behind the tag; another one gives another image id and digest. null: the reference itself.</summary>
    public string? Content { get; init; }

    /// <summary>What it consists of; null: of two layers that follow from the content.</summary>
    public TestImage? Stored { get; init; }

    /// <summary>Its HEALTHCHECK's command; null: none. What it says is up to the run's <see cref="FakeRun.Exec"/>.</summary>
    public IReadOnlyList<string>? HealthCheck { get; init; }

    public long Size { get; init; } = 2_000_000;

    /// <summary>Writes its output and ends with this code, at once or after a while.</summary>
    public static FakeImage Exits(int code, TimeSpan after = default, params string[] errorLines) => new()
    {
        Start = _ => new FakeRun { ExitCode = code, After = after, Output = [.. errorLines.Select(text => (true, text))] },
    };
}

/// <summary>What a container does between start and end.</summary>
public sealed record FakeRun
{
    /// <summary>null: runs until stopped.</summary>
    public int? ExitCode { get; init; }

    public TimeSpan After { get; init; }

    public IReadOnlyList<(bool IsError, string Text)> Output { get; init; } = [];

    /// <summary>What a command in the container does; null: it never ends.</summary>
    public Func<IReadOnlyList<string>, ExecResult?> Exec { get; init; } = _ => new ExecResult(0, "");

    /// <summary>Its exit code when asked to stop; null: it ignores the request and is killed (137) once the timeout is over.</summary>
    public int? StopExitCode { get; init; } = 0;
}
