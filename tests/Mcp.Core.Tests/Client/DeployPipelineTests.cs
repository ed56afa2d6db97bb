using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Core.Tests.Client.Workstation;
using Mcp.Testing;
using Mcp.Testing.Agents;

namespace Mcp.Core.Tests.Client;

public sealed class DeployPipelineTests : IDisposable
{
    private const string Hello = "name = \"hello\"\nnode = \"two\"\n[[components]]\nname = \"web\"\nimage = \"localhost/hello:v1\"\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Prepare_DefinitionNamesNode_GoesThere()
    {
        var file = _folder.Write("services/hello.toml", Hello);
        var deploy = Pipeline("one", "two").Prepare(new("hello"));
        Assert.Equal(("hello", "two", file, null), (deploy.Definition.Name, deploy.Node.Name, deploy.File, deploy.Component));
    }

    [Fact]
    public void Prepare_NodeGiven_BeatsTheDefinition()
    {
        _folder.Write("services/hello.toml", Hello);
        Assert.Equal("one", Pipeline("one", "two").Prepare(new("hello", Node: "one")).Node.Name);
    }

    [Theory]
    [InlineData("localhost/hello:v1", PullPolicy.Missing, false)]
    [InlineData("example.com/hello:v1", PullPolicy.Missing, true)]
    [InlineData("example.com/hello:v1", PullPolicy.Never, false)]
    public void Prepare_Images_TellWhetherRegistriesMayBeAsked(string image, PullPolicy pull, bool expected)
    {
        _folder.Write("services/hello.toml", Hello.Replace("localhost/hello:v1", image, StringComparison.Ordinal));
        var options = OperationOptions.Default with { Images = OperationOptions.Default.Images with { Pull = pull } };
        Assert.Equal(expected, Pipeline("two").Prepare(new("hello") { Options = options }).MayAskImageRegistries);
    }

    [Fact]
    public void Prepare_NoNodeAnywhere_GoesToTheOnlyOne()
    {
        _folder.Write("services/hello.toml", Hello.Replace("node = \"two\"\n", "", StringComparison.Ordinal));
        Assert.Equal("one", Pipeline("one").Prepare(new("hello")).Node.Name);
        Assert.Equal("node-not-chosen", Failure(Pipeline("one", "two"), new("hello")).Id);
    }

    [Fact]
    public void Prepare_DefinitionNamesUnknownNode_SaysWhichFileWantsIt()
    {
        var file = _folder.Write("services/hello.toml", Hello);
        var error = Failure(Pipeline("one", "tow"), new("hello"));
        Assert.Equal((ErrorKind.NotFound, "unknown-node", "did you mean 'tow'?"), (error.Kind, error.Id, error.Remedy));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_UnknownService_SuggestsOneThatIsThere()
    {
        _folder.Write("services/hello.toml", Hello);
        _folder.Write("services/proxy.toml", Hello);
        var error = Failure(Pipeline("one"), new("helo"));
        Assert.Equal((ErrorKind.NotFound, "unknown-service", "did you mean 'hello'?"), (error.Kind, error.Id, error.Remedy));
        Assert.Contains("hello, proxy", Failure(Pipeline("one"), new("zzz")).Remedy, StringComparison.Ordinal);
        Assert.Equal("unknown-service", Failure(Pipeline("one"), new("../services/hello")).Id);
    }

    [Fact]
    public void Prepare_UnknownComponent_Suggests()
    {
        _folder.Write("services/hello.toml", Hello);
        Assert.Equal("did you mean 'web'?", Failure(Pipeline("two"), new("hello", "wbe")).Remedy);
    }

    [Fact]
    public void Prepare_FileGiven_NeedsNoServiceAndNamesTheFileAsGiven()
    {
        _folder.Write("elsewhere.toml", Hello);
        Assert.Equal("hello", Pipeline("two").Prepare(new(null, File: "elsewhere.toml")).Definition.Name);
        Assert.Equal("service-differs", Failure(Pipeline("two"), new("other", File: "elsewhere.toml")).Id);

        _folder.Write("wrong.toml", "name = 7\n");
        var error = Failure(Pipeline("two"), new(null, File: "wrong.toml"));
        Assert.Equal(ErrorKind.Definition, error.Kind);
        Assert.All(error.Problems, p => Assert.Equal("wrong.toml", p.File));
    }

    [Fact]
    public void Prepare_FileNamedAfterAnotherService_IsWrong()
    {
        _folder.Write("services/hi.toml", Hello);
        Assert.Contains(
            "rename the file to hello.toml", Assert.Single(Failure(Pipeline("two"), new("hi")).Problems).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SendsTheDefinition()
    {
        _folder.Write("services/hello.toml", Hello);
        var end = new OperationEnded("op", DateTimeOffset.UnixEpoch, OperationOutcome.Succeeded, "", "", "", [], TimeSpan.Zero);
        await using var agent = await TestAgent.StartAsync(script: new() { Updates = [end] });
        using var fleet = new Fleet([], TestNodes.Options);
        var config = Config("two");
        config = config with { Nodes = [agent.Node("two")] };
        var pipeline = new DeployPipeline(config, Services(), fleet);

        Assert.Equal([end], await pipeline.RunAsync(pipeline.Prepare(new("hello", "web")), default).ToListAsync());
        Assert.Equal(["Deploy hello/web"], agent.Script.Calls);
    }

    private static McpException Failure(DeployPipeline pipeline, DeployOrder order) =>
        Assert.Throws<McpException>(() => pipeline.Prepare(order));

    private ServiceDirectory Services() => new(Path.Combine(_folder.Path, "services"), TestEnvironment.At(_folder.Path));

    private DeployPipeline Pipeline(params string[] nodes) => new(Config(nodes), Services(), new Fleet([], TestNodes.Options));

    private WorkstationConfig Config(params string[] nodes)
    {
        _folder.Write("mcp.toml", string.Concat(nodes.Select(n => $"[[nodes]]\nname = \"{n}\"\naddress = \"{n}\"\ntoken = \"t\"\n")));
        return WorkstationConfig.Load(TestEnvironment.At(_folder.Path), "mcp.toml");
    }
}
