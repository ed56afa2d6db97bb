using System.Globalization;
using System.Text.RegularExpressions;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Testing.Containers;

namespace Mcp.Core.Tests.Containers.Contract;

public sealed partial class FakeFixture : ContractFixture
{
    private readonly FakeContainerRuntime _fake = new();

    public override IContainerRuntime Runtime => _fake;

    public override string PullableImage => "registry.test/team/pullable:v1";

    public override string MissingImage => "registry.test/team/pullable:v9";

    public override string LockedImage => "locked.test/team/secret:v1";

    public override Task PauseAsync(string container)
    {
        _fake.Pause(container);
        return Task.CompletedTask;
    }

    public override Task<byte[]> SaveAsync(string image) => Task.FromResult(TestImage.Of("base", "layer mcp-test:v1").Archive(image));

    public override Task DeleteImageAsync(string image)
    {
        _fake.RemoveImage(image);
        return Task.CompletedTask;
    }

    public override Task DisposeAsync() => Task.CompletedTask;

    protected override Task StartAsync()
    {
        _fake.AddImage(Image, new FakeImage { Start = RunScript });
        _fake.AddToRegistry(PullableImage);
        _fake.FailPulls(LockedImage, new EngineException(EngineError.Denied, "unauthorized", "Log in."));
        _fake.FailPulls(
            UnreachableImage, new EngineException(EngineError.RegistryUnreachable, "connection refused", "Start the registry."));
        return Task.CompletedTask;
    }

    /// <summary>As much of a shell as the contract's scripts use.</summary>
    private static FakeRun RunScript(ContainerSpec spec) => RunCommand(spec) with { Exec = Exec };

    private static FakeRun RunCommand(ContainerSpec spec)
    {
        if (spec.Command is not ["sh", "-c", var script])
            return new FakeRun { StopExitCode = null };
        var output = new List<(bool, string)>();
        var after = TimeSpan.Zero;
        int? stopExitCode = null;
        foreach (var part in script.Split("; "))
            if (Echo().Match(part) is { Success: true } echo)
                output.Add((echo.Groups[2].Success, echo.Groups[1].Value));
            else if (Trap().Match(part) is { Success: true } trap)
                stopExitCode = int.Parse(trap.Groups[1].Value, CultureInfo.InvariantCulture);
            else if (part.StartsWith("sleep 3600", StringComparison.Ordinal))
                return new FakeRun { Output = output, StopExitCode = stopExitCode };
            else if (part.StartsWith("sleep ", StringComparison.Ordinal))
                after += TimeSpan.FromSeconds(double.Parse(part["sleep ".Length..], CultureInfo.InvariantCulture));
            else if (part.StartsWith("exit ", StringComparison.Ordinal))
                return new FakeRun { Output = output, After = after,
                    ExitCode = int.Parse(part["exit ".Length..], CultureInfo.InvariantCulture) };
        return new FakeRun { Output = output, After = after, ExitCode = 0 };
    }

    private static ExecResult? Exec(IReadOnlyList<string> command)
    {
        var run = RunCommand(new ContainerSpec { Name = "", Image = "", Command = command.ToValueList() });
        return run.ExitCode is not { } code ? null : new ExecResult(code, string.Concat(run.Output.Select(o => o.Text + "\n")));
    }

    [GeneratedRegex("^echo '(.*?)'( >&2)?$")]
    private static partial Regex Echo();

    [GeneratedRegex("^trap 'exit ([0-9]+)' TERM$")]
    private static partial Regex Trap();
}
