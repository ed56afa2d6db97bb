using Mcp.Core.Containers;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.Core.Tests.Containers.Contract;

/// <summary>What only a container that really runs can show.</summary>
public abstract partial class RealEngineContract(RealEngineFixture fixture) : ContainerRuntimeContract(fixture)
{
    private static readonly string[] Nasty = [
        "plain", "two words", "", "it's", "\"quoted\"", "$HOME `id` \\", "*?[a]", "Käse 🧀", "a\nb", "-x", "--", "!#;&|<>(){}~",
        "tab\there"];

    [EngineFact]
    public async Task Run_NastyArgumentsAndEnvironment_ArriveUnchanged()
    {
        var spec = Spec("nasty", "") with
        {
            Command = ["sh", "-c", "printf '<%s>' \"$VALUE\" \"$@\"; echo", "sh", .. Nasty],
            Environment = ["VALUE=Käse = \"$5\" 'x' "],
        };

        var id = await Runtime.RunAsync(spec, default);

        var text = string.Join('\n', (await LogAsync(id, new LogQuery(Follow: true))).Select(l => l.Text));
        Assert.Equal("<Käse = \"$5\" 'x' >" + string.Concat(Nasty.Select(a => $"<{a}>")), text);
    }

    [EngineFact]
    public async Task RunLine_PastedIntoAShell_MakesTheSameContainer()
    {
        var spec = Spec("pasted", "") with
        {
            Command = ["sh", "-c", "printf '<%s>' \"$VALUE\" \"$@\"; echo", "sh", .. Nasty],
            Environment = ["VALUE=it's \"$5\" Käse", "EMPTY="],
            Labels = Labels().With("odd.label", "it's; $x"),
            Ports = [new PortBinding("127.0.0.1", FreePort.Take(), 80)],
            Mounts = [new Mount(fixture.Engine.Folder.File("with space", "x")[..^2], "/data", true)],
            User = "0:0",
            RestartPolicy = "on-failure:2",
        };

        await ChildProcess.RunAsync(
            "sh", ["-c", RunLine.For(spec, fixture.Engine.CommandLine, showSecrets: true)], fixture.Engine.Environment);

        var byHand = await UntilAsync(spec.Name, c => c.State == ContainerState.Exited);
        var handText = (await LogAsync(byHand.Id, new LogQuery(Follow: true))).Select(l => l.Text).ToList();
        await Runtime.RemoveAsync(byHand.Id, default);
        var byRuntime = await Runtime.RunAsync(spec, default);
        Assert.Equal((await LogAsync(byRuntime, new LogQuery(Follow: true))).Select(l => l.Text), handText);
        var info = (await Runtime.InspectAsync(byRuntime, default))!;
        Assert.Equal(
            (info.Ports, info.Mounts, info.User, info.RestartPolicy, info.Command, info.Labels["odd.label"]),
            (byHand.Ports, byHand.Mounts, byHand.User, byHand.RestartPolicy, byHand.Command, byHand.Labels["odd.label"]));
    }

    /// <summary>What podman still holds for a container that it was going to restart, it would take down when that goes, and with it the
    /// way to who has the port by then.</summary>
    [EngineFact]
    public async Task Stop_WhatCrashesAgainAndAgain_GivesItsHostPortUpForGood()
    {
        var ports = Enumerable.Range(0, 4).Select(_ => new PortBinding("127.0.0.1", FreePort.Take(), 8080)).ToList();
        var crashing = await Task.WhenAll(
            ports.Select(
                (port, i) =>
                    Runtime.RunAsync(Spec($"crashes{i}", "exit 3") with { RestartPolicy = "unless-stopped", Ports = [port] }, default)));
        await UntilAsync(crashing[^1], c => c.RestartCount >= 1);

        for (var i = 0; i < ports.Count; i++)
        {
            await Runtime.StopAsync(crashing[i], TimeSpan.Zero, default);
            await Runtime.RunAsync(
                Spec($"web{i}", "echo hello > /tmp/index.html; exec httpd -f -p 8080 -h /tmp") with { Ports = [ports[i]] }, default);
            await Runtime.RemoveAsync(crashing[i], default);
        }

        using var client = new HttpClient();
        foreach (var port in ports)
            await Eventually.TrueAsync(
                async () => (await client.GetStringAsync(new Uri($"http://127.0.0.1:{port.HostPort}/index.html"))).Trim() == "hello",
                TimeSpan.FromSeconds(10),
                () => $"port {port.HostPort} does not answer");
    }

    [EngineFact]
    public async Task Run_PublishedPort_AnswersOnItsAddressOnly()
    {
        var port = FreePort.Take();
        await Runtime.RunAsync(
            Spec(
                "web",
                "echo hello > /tmp/index.html; exec httpd -f -p 8080 -h /tmp") with { Ports = [new PortBinding("127.0.0.1", port, 8080)] },
                    default);
        using var client = new HttpClient();

        await Eventually.TrueAsync(
            async () => (await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/index.html"))).Trim() == "hello",
            TimeSpan.FromSeconds(10),
            () => "the published port does not answer");
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(new Uri($"http://127.0.0.2:{port}/index.html")));
    }

    [EngineFact]
    public async Task Run_Mounts_AreWritableUnlessReadOnly()
    {
        using var folder = new TempFolder();
        folder.Write("ro/in", "from the host");
        folder.File("rw", "x");
        var id = await Runtime.RunAsync(Spec("mounts", "cat /ro/in; touch /ro/out || echo refused; echo written > /rw/out") with
        {
            Mounts = [new Mount(folder.Path + "/ro", "/ro", ReadOnly: true), new Mount(folder.Path + "/rw", "/rw", ReadOnly: false)],
        }, default);

        var lines = await LogAsync(id, new LogQuery(Follow: true));

        Assert.Equal("from the hostrefused", string.Concat(lines.Where(l => !l.IsError).Select(l => l.Text)));
        Assert.Equal("written\n", await File.ReadAllTextAsync(folder.File("rw", "out")));
        Assert.False(File.Exists(folder.File("ro", "out")));
    }

    [EngineFact]
    public async Task Run_NamedVolume_OutlivesItsContainer()
    {
        var volume = Name("data");
        var mount = new Mount(volume, "/data", ReadOnly: false);
        var writer = await Runtime.RunAsync(Spec("writer", "echo kept > /data/file") with { Mounts = [mount] }, default);
        await UntilAsync(writer, c => c.State == ContainerState.Exited && c.ExitCode == 0);
        Assert.Equal([mount], (await Runtime.InspectAsync(writer, default))!.Mounts);
        await Runtime.RemoveAsync(writer, default);

        var reader = await Runtime.RunAsync(Spec("reader", "cat /data/file") with { Mounts = [mount] }, default);

        Assert.Equal(["kept"], (await LogAsync(reader, new LogQuery(Follow: true))).Select(l => l.Text));
    }

    [EngineFact]
    public async Task Run_User_IsTheProcessesUser()
    {
        var id = await Runtime.RunAsync(Spec("user", "id -u; id -g") with { User = "1234:4321" }, default);

        Assert.Equal(["1234", "4321"], (await LogAsync(id, new LogQuery(Follow: true))).Select(l => l.Text));
    }

    [EngineFact]
    public async Task Exec_CommandThatIsNotThere_IsNoSuccess()
    {
        var id = await Runtime.RunAsync(Spec("execnone", Serve), default);

        try
        {
            Assert.Contains((await Runtime.ExecAsync(id, ["/no/such/program"], default)).ExitCode, new[] { 126, 127 });
        }
        catch (EngineException e)
        {
            Assert.Equal(EngineError.Failed, e.Error);
            Assert.Contains("/no/such/program", e.Message, StringComparison.Ordinal);
        }
    }

    [EngineFact]
    public async Task Exec_NastyArgumentsAndMuchOutput_ArriveAndTheEndIsKept()
    {
        var id = await Runtime.RunAsync(Spec("execnasty", Serve), default);

        Assert.Equal(
            string.Concat(Nasty.Select(a => $"<{a}>")),
            (await Runtime.ExecAsync(id, ["sh", "-c", "printf '<%s>' \"$@\"", "sh", .. Nasty], default)).Output);
        var much = await Runtime.ExecAsync(id, ["sh", "-c", "yes 0123456789 | head -n 100000; printf end"], default);
        Assert.Equal(
            (0, ExecResult.MaxOutput, true), (much.ExitCode, much.Output.Length, much.Output.EndsWith("\nend", StringComparison.Ordinal)));
    }

    [EngineFact]
    public async Task Run_WithoutCommand_RunsTheImagesOwn()
    {
        var id = await Runtime.RunAsync(Spec("own", "") with { Command = [] }, default);

        var info = await Runtime.InspectAsync(id, default);

        Assert.Equal(ContainerState.Running, info!.State);
        Assert.Equal(["sleep", "3600"], info.Command);
        Assert.Equal("test", info.Labels["made-by"]);
    }

    [EngineFact]
    public async Task Run_ImageThatCameWithoutMostOfItsLayers_HasAllFiles()
    {
        var (name, image) = await ExtendedAsync("layered");
        await Runtime.LoadImageAsync(new MemoryStream(image.Archive(name, layer => layer == image.Layers.Count - 1)), default);

        var id = await Runtime.RunAsync(Spec("layered", $"wc -c < /{Name("layered")}") with { Image = name }, default);

        Assert.Equal("3", Assert.Single(await LogAsync(id, new LogQuery(Follow: true))).Text.Trim());
        await Runtime.RemoveAsync(id, default);
    }

    [EngineFact]
    public async Task Run_CommandThatIsNotThere_FailsWithTheEnginesWordsAndLeavesNothing()
    {
        var error = await FailsAsync(
            EngineError.Failed, () => Runtime.RunAsync(Spec("nocmd", "") with { Command = ["/no/such/program"] }, default));

        Assert.Contains("/no/such/program", error.Message, StringComparison.Ordinal);
        Assert.Null(await Runtime.InspectAsync(Name("nocmd"), default));
    }

    [EngineFact]
    public async Task Run_PortHeldByAnotherProcess_IsPortTaken()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;

        var error = await FailsAsync(
            EngineError.PortTaken,
            () => Runtime.RunAsync(Spec("late", Serve) with { Ports = [new PortBinding("127.0.0.1", port, 80)] }, default));

        Assert.Contains($"port {port}", error.Remedy, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Create_WithMemory_LimitsIt()
    {
        var limited = await Runtime.CreateAsync(Spec("limited", Serve) with { Memory = 64 << 20 }, default);
        var free = await Runtime.CreateAsync(Spec("free", Serve), default);

        Assert.Equal(64 << 20, await fixture.Engine.Raw.MemoryLimitAsync(limited));
        Assert.Equal(0, await fixture.Engine.Raw.MemoryLimitAsync(free));
        await Runtime.RemoveAsync(limited, default);
        await Runtime.RemoveAsync(free, default);
    }

    [EngineFact]
    public async Task Run_OwnNetwork_IsShown()
    {
        var network = Name("net");
        await fixture.Engine.Raw.CreateNetworkAsync(network);
        try
        {
            var id = await Runtime.RunAsync(Spec("networked", Serve) with { Network = network }, default);
            Assert.Equal(network, (await Runtime.InspectAsync(id, default))!.Network);
            var host = await Runtime.RunAsync(Spec("hosted", Serve) with { Network = "host" }, default);
            Assert.Equal("host", (await Runtime.InspectAsync(host, default))!.Network);
            await Runtime.RemoveAsync(id, default);
        }
        finally
        {
            await fixture.Engine.Raw.DeleteNetworkAsync(network);
        }
    }

    [EngineFact]
    public async Task Logs_LongLineAndUnfinishedLine_AreWhole()
    {
        var id =
            await Runtime.RunAsync(Spec("long", "yes 0123456789 | head -n 8000 | tr -d '\\n'; echo; echo end; printf unfinished"), default);

        var lines = await LogAsync(id, new LogQuery(Follow: true));

        Assert.Equal([string.Concat(Enumerable.Repeat("0123456789", 8000)), "end", "unfinished"], lines.Select(l => l.Text));
    }

    [EngineFact]
    public async Task Logs_Follow_GivesLinesAsTheyCome()
    {
        var id = await Runtime.RunAsync(Spec("live", "while true; do echo tick; sleep 0.1; done"), default);
        var count = 0;

        await foreach (var line in Runtime.LogsAsync(id, new LogQuery(Tail: 0, Follow: true), default))
            if (++count == 5)
                break;

        Assert.Equal(5, count);
    }
}
