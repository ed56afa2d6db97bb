using Xunit.Abstractions;
using Xunit.Sdk;

namespace Grpc.Compat.Tests.Interop;

/// <summary>A fact of a contract; skipped in classes whose peer is not on this machine.</summary>
[XunitTestCaseDiscoverer("Grpc.Compat.Tests.Interop.PeerFactDiscoverer", "Grpc.Compat.Tests")]
public sealed class PeerFactAttribute : FactAttribute;

/// <summary>On a test class: what its peer needs.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequiresAttribute(Runtime runtime) : Attribute
{
    public Runtime Runtime { get; } = runtime;
}

public sealed class PeerFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new PeerTestCase(
            DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

public sealed class PeerTestCase : XunitTestCase
{
    [Obsolete("For the deserializer only.")]
    public PeerTestCase()
    {
    }

    public PeerTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions displayOptions, ITestMethod method)
        : base(diagnostics, display, displayOptions, method)
    {
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute)
    {
        var requires = TestMethod.TestClass.Class.GetCustomAttributes(typeof(RequiresAttribute)).SingleOrDefault();
        return (requires is null ? null : PeerRuntime.Missing(requires.GetNamedArgument<Runtime>(nameof(RequiresAttribute.Runtime))))
            ?? base.GetSkipReason(factAttribute);
    }
}
