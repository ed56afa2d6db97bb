using Mcp.Core.Containers;
using Mcp.Core.Containers.Engine;
using Mcp.Testing.Engines;

namespace Mcp.Core.Tests.Containers.Contract;

public sealed class FakeRuntimeTests(FakeFixture fixture) : ContainerRuntimeContract(fixture), IClassFixture<FakeFixture>;

[Trait("Group", "contract")]
public sealed class PodmanRuntimeTests(PodmanFixture fixture) : RealEngineContract(fixture), IClassFixture<PodmanFixture>
{
    [EngineFact]
    public async Task Files_WhateverChanges_ShowIt()
    {
        var id = await Runtime.RunAsync(Spec("files", Serve), default);
        var pid = await fixture.Engine.Raw.ProcessIdAsync(id);
        var files = PodmanFiles.Find(id, pid);
        Assert.NotNull(files);
        var stamps = new List<FileStamp?> { files.Stamp() };

        await fixture.PauseAsync(id);
        stamps.Add(files.Stamp());
        await Runtime.StartAsync(id, default);
        stamps.Add(files.Stamp());
        await Runtime.RenameAsync(id, Name("other"), default);
        stamps.Add(files.Stamp());
        await ChildProcess.RunAsync("sh", ["-c", $"kill -9 {pid}"]);
        await UntilAsync(id, c => c.State == ContainerState.Exited);
        stamps.Add(files.Stamp());
        await Runtime.RemoveAsync(id, default);
        stamps.Add(files.Stamp());

        Assert.DoesNotContain(null, stamps);
        Assert.Equal(stamps.Count, stamps.Distinct().Count());
    }
}

[Trait("Group", "contract")]
public sealed class DockerRuntimeTests(DockerFixture fixture) : RealEngineContract(fixture), IClassFixture<DockerFixture>;
