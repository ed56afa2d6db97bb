using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>An interceptor's type and the arguments that services don't give.</summary>
public class InterceptorRegistration
{
    private readonly object[] arguments;

    internal InterceptorRegistration(Type type, object[] arguments)
    {
        Type = type;
        this.arguments = arguments;
    }

    public Type Type { get; }

    public IReadOnlyList<object> Arguments => arguments;

    internal Interceptor Activate(IServiceProvider services, out bool owned)
    {
        var registered = arguments.Length == 0 ? services.GetService(Type) : null;
        owned = registered is null;
        return (Interceptor)(registered ?? ActivatorUtilities.CreateInstance(services, Type, arguments));
    }
}
