namespace Mcp.Core.Tests.Containers.Contract;

public sealed class FakeRuntimeTests(FakeFixture fixture) : ContainerRuntimeContract(fixture), IClassFixture<FakeFixture>;

[Trait("Group", "contract")]
public sealed class PodmanRuntimeTests(PodmanFixture fixture) : RealEngineContract(fixture), IClassFixture<PodmanFixture>;

[Trait("Group", "contract")]
public sealed class DockerRuntimeTests(DockerFixture fixture) : RealEngineContract(fixture), IClassFixture<DockerFixture>;
