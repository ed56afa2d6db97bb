using Mcp.Core.Images.Building;

namespace Mcp.Core.Tests.Images.Building;

/// <summary>Texts are what podman 4.3, docker 20.10's classic builder and BuildKit's plain progress print.</summary>
public sealed class BuildOutputReaderTests
{
    private const string TwoStages = "FROM scratch AS base\nRUN a\nFROM base\nCOPY x /\nRUN b\n";

    private const string Podman = """
        [1/2] STEP 1/2: FROM scratch AS base
        [1/2] STEP 2/2: RUN a
        --> Using cache bbc827ae955df8889c1cac79c7bb35eb7befb3a1050bdb0eda22a95edf778d93
        --> bbc827ae955
        [2/2] STEP 1/3: FROM d227baa92e5dd366039d71a045c5db74ee211b2f32607922f2c02388d6d0abf9
        [2/2] STEP 2/3: COPY x /
        --> 71b7fa7029f
        [2/2] STEP 3/3: RUN b
        """;

    private const string Classic = """
        Sending build context to Docker daemon  1.987MB
        Step 1/5 : FROM scratch AS base
         --->
        Step 2/5 : RUN a
         ---> Using cache
         ---> e8af40ffef19
        Step 3/5 : FROM base
         ---> 2ca93c1b2924
        Step 4/5 : COPY x /
         ---> af678583aed9
        Step 5/5 : RUN b
         ---> Running in 32d7dfe2c051
        """;

    private const string BuildKit = """
        #1 [internal] load build definition from Dockerfile
        #1 DONE 0.0s
        #4 [base 1/2] RUN a
        #4 CACHED
        #5 [stage-1 1/2] COPY x /
        #5 DONE 0.1s
        #6 [stage-1 2/2] RUN b
        #6 0.123 some words
        """;

    [Theory]
    [InlineData(Podman)]
    [InlineData(Classic)]
    [InlineData(BuildKit)]
    public void LayersMade_CachedFirstStage_CountsTheTwoNewOnes(string output)
    {
        var reader = Read(TwoStages, output);

        Assert.Equal(2, reader.LayersMade());
        Assert.Equal("RUN b", reader.Current!.Text);
        Assert.Equal(1, reader.Current.Stage);
    }

    [Fact]
    public void LayersMade_StageThatIsOnlyCopiedFrom_DoesNotCount()
    {
        var reader = Read("FROM x AS build\nRUN make\nFROM scratch\nCOPY --from=build /a /\n", """
            [1/2] STEP 1/2: FROM x AS build
            [1/2] STEP 2/2: RUN make
            [2/2] STEP 1/2: FROM scratch
            [2/2] STEP 2/2: COPY --from=build /a /
            """);

        Assert.Equal(1, reader.LayersMade());
    }

    [Theory]
    [InlineData("""Error: building at STEP "RUN x": while running runtime: exit status 42""")]
    [InlineData("The command '/bin/sh -c x' returned a non-zero code: 42")]
    [InlineData("""#7 ERROR: process "/bin/sh -c x" did not complete successfully: exit code: 42""")]
    public void StepExitCode_FailingCommand_IsRead(string line)
    {
        var reader = new BuildOutputReader([]);
        reader.Read(line);

        Assert.Equal(42, reader.StepExitCode);
    }

    [Fact]
    public void Current_BuildKitNamesAnEarlierStep_IsThatOne()
    {
        var reader = Read("FROM x\nRUN a\nRUN b\n", """
            #5 [2/3] RUN a
            #6 [3/3] COPY y /
            #5 ERROR: process "/bin/sh -c a" did not complete successfully: exit code: 3
            """);

        Assert.Equal("""step 2/3 "RUN a" """.TrimEnd(), reader.Current!.ToString());
    }

    [Fact]
    public void Read_ColoursAndCarriageReturns_AreGone()
    {
        var reader = new BuildOutputReader([]);

        Assert.Equal("to-stderr", reader.Read("\e[91mto-stderr\r").Text);
        Assert.Equal("Removing", reader.Read("\e[0mRemoving").Text);
    }

    [Fact]
    public void Tail_ManyLines_KeepsTheLastTwenty()
    {
        var reader = new BuildOutputReader([]);
        for (var i = 1; i <= 100; i++)
            reader.Read($"line {i}");

        Assert.Equal(Enumerable.Range(81, 20).Select(i => $"line {i}"), reader.Tail);
    }

    [Fact]
    public void ReadStages_CommentsFlagsAndCase_AreUnderstood()
    {
        var stages = DockerfileStage.Read(
            "# FROM not-this\nARG V\n from --platform=$BUILDPLATFORM golang:1 as Build\nRUN x # FROM y\nFROM scratch\n");

        Assert.Equal([new DockerfileStage("golang:1", "Build"), new DockerfileStage("scratch", null)], stages);
    }

    private static BuildOutputReader Read(string dockerfile, string output)
    {
        var reader = new BuildOutputReader(DockerfileStage.Read(dockerfile));
        foreach (var line in output.Split('\n'))
            reader.Read(line);
        return reader;
    }

    [Theory]
    [InlineData("time=\"2026-11-26T01:09:10Z\" level=warning msg=\"no \\\"such\\\" thing\"", "no \"such\" thing")]
    [InlineData("WARN[0001] HEALTHCHECK is not supported", "HEALTHCHECK is not supported")]
    [InlineData(
        "[Warning] one or more build args were not consumed: [COLOUR VERSION]",
        "one or more build args were not consumed: [COLOUR VERSION]")]
    [InlineData("[Warning] one or more build args were not consumed: [VERSION]", null)]
    [InlineData("[Warning] One or more build-args [VERSION] were not consumed", null)]
    [InlineData("main.c:3: warning: unused variable", null)]
    public void Read_Warning_IsFoundOnce(string line, string? expected)
    {
        var reader = new BuildOutputReader([]);

        Assert.Equal(expected, reader.Read(line).Warning);
        Assert.Null(reader.Read(line).Warning);
    }
}
