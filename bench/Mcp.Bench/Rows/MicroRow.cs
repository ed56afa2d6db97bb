using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Mcp.Bench.Measuring;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.Bench.Rows;

/// <summary>What is computed on every deploy, by itself.</summary>
internal static class MicroRow
{
    public static readonly Row Micro = new("micro", "Reader, planner and redaction",
        "BenchmarkDotNet, a short job in this process (compiled by the just-in-time compiler, unlike the programs), of a "
        + "definition with 100 components: reading and validating its text, planning its first deploy, and hiding the environment of "
        + "a release.",
        (_, _) => Task.Run(() =>
        {
            var summary = BenchmarkRunner.Run<Micro>(ManualConfig.CreateEmpty()
                .AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance))
                .AddLogger(NullLogger.Instance)
                .WithArtifactsPath(Directory.CreateTempSubdirectory("mcp-bench-").FullName));
            IReadOnlyList<Figure> figures =
            [
                .. summary.Reports.Where(report => report.ResultStatistics is not null).Select(report => new Figure(
                    report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\''), "us", Goal.None,
                    Samples.Of(report.ResultStatistics!.OriginalValues.Select(nanoseconds => nanoseconds / 1000)))),
            ];
            Directory.Delete(summary.ResultsDirectoryPath[..summary.ResultsDirectoryPath.LastIndexOf('/')], recursive: true);
            return figures.Count == 3 ? figures
                : throw new InvalidOperationException(string.Join("; ", summary.ValidationErrors.Select(error => error.Message)));
        }));
}

/// <summary>BenchmarkDotNet wants a public class.</summary>
public class Micro
{
    private readonly string _text;
    private readonly ServiceDefinition _definition;
    private readonly Release _release;

    public Micro()
    {
        _text = "name = \"large\"\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"""

            [[components]]
            name = "c{i}"
            image = "registry.example.com/large/c{i}:v1"
            env = ["LEVEL=info", "TOKEN=secret"]
            volumes = ["data{i}:/data"]
            health = {"{"} http = "/healthz", interval = "1s" {"}"}
            memory = "64m"

              [[components.routes]]
              port = 443
              hostname = "c{i}.example.com"
            """));
        _definition = DefinitionReader.Read(_text, "large.toml").Definition
            ?? throw new InvalidOperationException("the definition is wrong");
        _release = new()
        {
            Service = "large", Number = 1, OperationId = "op1", Kind = OperationKind.Deploy, Actor = "bench",
            StartedAt = DateTimeOffset.UnixEpoch, Outcome = ReleaseOutcome.Succeeded, Definition = _definition,
        };
    }

    [Benchmark(Description = "read and validate 100 components")]
    public object Read() => DefinitionReader.Read(_text, "large.toml");

    [Benchmark(Description = "plan the deploy of 100 components")]
    public object Plan() => DeployPlanner.Plan(
        _definition, null, new ObservedService { Name = "large" },
        _definition.Components.Select((c, i) => new AssignedPort(c.Name, "", 31000 + i)).ToValueList(), "op1");

    [Benchmark(Description = "hide the environment of 100 components")]
    public object Redact() => _release.WithoutSecrets();
}
