using System.ComponentModel;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Mcp.Testing.Engines;

/// <summary>What a class fixture says when the real thing it stands for cannot be had here.</summary>
public interface IMayBeUnavailable
{
    /// <summary>null: it is there.</summary>
    string? Unavailable { get; }
}

/// <summary>A fact that is skipped, with the reason, when a fixture of its class is <see cref="IMayBeUnavailable"/>. Asked when the test
/// runs: starting an engine merely to list tests would be dear.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Mcp.Testing.Engines.EngineFactDiscoverer", "Mcp.Testing")]
public sealed class EngineFactAttribute : FactAttribute;

public sealed class EngineFactDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        [new EngineTestCase(
            diagnostics, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)];
}

public sealed class EngineTestCase : XunitTestCase
{
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("For deserialisation only")]
    public EngineTestCase()
    {
    }

    public EngineTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(diagnostics, display, options, method)
    {
    }

    public override Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink, IMessageBus messageBus, object[] constructorArguments, ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource)
    {
        SkipReason ??= constructorArguments.OfType<IMayBeUnavailable>().Select(f => f.Unavailable)
            .FirstOrDefault(reason => reason is not null);
        return base.RunAsync(diagnosticMessageSink, messageBus, constructorArguments, aggregator, cancellationTokenSource);
    }
}
