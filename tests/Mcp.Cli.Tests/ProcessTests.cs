using System.Diagnostics;
using Mcp.Testing;

namespace Mcp.Cli.Tests;

/// <summary>The built program itself: what only a process has, exit codes, pipes and Ctrl+C.</summary>
[Trait("Starts", "programs")]
public sealed class ProcessTests
{
    [Theory]
    [InlineData("version", 0)]
    [InlineData("--help", 0)]
    [InlineData("nonsense", 2)]
    [InlineData("ps", 3)]
    [InlineData("definition check none.toml", 2)]
    public async Task Run_ExitCodes_AreThoseOfTheManual(string arguments, int expected)
    {
        await using var cli = new CliFixture();
        await cli.AddDeadNodeAsync("dead");
        using var process = Start(cli, arguments);
        Assert.Equal(expected, await EndAsync(process));
    }

    [Fact]
    public async Task Run_Piped_WritesNoEscapes()
    {
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Services = [Samples.Hello] });
        using var process = Start(cli, "ps");
        var text = await process.StandardOutput.ReadToEndAsync();
        Assert.Equal(0, await EndAsync(process));
        Assert.Contains("hello", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public async Task Run_ReaderOfAFollowedStreamLeaves_Ends()
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var cli = new CliFixture();
        // Far more than a pipe holds: it must still be writing when the reader leaves.
        var text = new string('x', 200);
        var line = new Core.Status.LogEntry("hello", "web", CliFixture.Now, false, text);
        await cli.AddNodeAsync("one", new() { Lines = [.. Enumerable.Repeat(line, 20_000)] });
        using var process = Start(cli, "logs hello/web --follow");
        Assert.Equal(text, await process.StandardOutput.ReadLineAsync());
        process.StandardOutput.Close();
        Assert.Equal(141, await EndAsync(process));
    }

    [Fact]
    public async Task Run_StandardOutputClosed_EndsQuietly()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var process = StartInShell("exec \"$0\" --help >&-");

        Assert.Equal("", await process.StandardError.ReadToEndAsync());
        Assert.NotEqual(134, await EndAsync(process));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("version")]
    public async Task Run_StandardOutputOnAFullDisk_IsAnError(string arguments)
    {
        if (!File.Exists("/dev/full"))
            return;
        using var process = StartInShell($"exec \"$0\" {arguments} > /dev/full");

        Assert.StartsWith("error: the output can't be written: ", await process.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await EndAsync(process));
    }

    [Fact]
    public async Task Run_CtrlCDuringDeploy_SaysThatItContinuesAndExits130()
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new() { Updates = [Samples.Plan, Samples.Step(0, Core.Operations.StepState.Done)] });
        cli.WriteService("hello");
        using var process = Start(cli, "deploy hello");
        Assert.StartsWith("done ", await process.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);

        using (var kill = Process.Start(
            new ProcessStartInfo("kill") { ArgumentList =
                { "-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) } })!)
            await kill.WaitForExitAsync();

        Assert.Contains("continues on one", await process.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(130, await EndAsync(process));
    }

    /// <summary>The program leaves the CAs of the machine unread; the engine that it starts may have to pull an image with them.</summary>
    [Fact]
    public async Task Run_DeployThatConnectsToItsNodeOnly_StartsTheEngineWithTheSameCas()
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var cli = new CliFixture();
        await cli.AddNodeAsync("one", new());
        cli.WriteService("hello");
        var seen = cli.Folder.File("environment");
        var engine = cli.Folder.Write("podman", $"#!/bin/sh\nenv > '{seen}'\nexit 1\n");
        File.SetUnixFileMode(engine, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        using var process = Start(cli, "deploy hello", ("MCP_BUILD_ENGINE", engine), ("MCP_REGISTRY_KIND", "none"));
        await EndAsync(process);

        var environment = await File.ReadAllTextAsync(seen);
        Assert.Contains("MCP_CONFIG=", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("/dev/null", environment, StringComparison.Ordinal);
    }

    /// <param name="command">$0 is the program.</param>
    private static Process StartInShell(string command)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardError = true };
        foreach (var argument in (string[])["-c", command, Programs.Mcp])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static Process Start(CliFixture cli, string arguments, params (string Name, string Value)[] environment)
    {
        var start = Programs.Start(Programs.Mcp, arguments.Split(' '));
        start.WorkingDirectory = cli.Folder.Path;
        start.Environment["MCP_CONFIG"] = cli.ConfigPath;
        start.Environment.Remove("MCP_SERVICES_DIR");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static async Task<int> EndAsync(Process process)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }
}
