namespace Grpc.Core;

/// <summary>On the generated base class of a service: where its <c>BindService(ServiceBinderBase, TService)</c> is.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = true)]
public class BindServiceMethodAttribute(Type bindType, string bindMethodName) : Attribute
{
    public Type BindType { get; } = bindType;

    public string BindMethodName { get; } = bindMethodName;
}
