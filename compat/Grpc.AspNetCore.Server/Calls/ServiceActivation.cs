using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Gives each call its instance of the service: a registered one, or its own.</summary>
internal static class ServiceActivation<TService>
    where TService : class
{
    private static readonly ObjectFactory<TService> Create = ActivatorUtilities.CreateFactory<TService>(Type.EmptyTypes);

    public static async Task<TResult> UseAsync<TResult>(IServiceProvider services, Func<TService, Task<TResult>> use)
    {
        if (services.GetService<TService>() is { } registered)
            return await use(registered);
        var own = Create(services, []);
        try
        {
            return await use(own);
        }
        finally
        {
            if (own is IAsyncDisposable asynchronously)
                await asynchronously.DisposeAsync();
            else
                (own as IDisposable)?.Dispose();
        }
    }

    public static Task UseAsync(IServiceProvider services, Func<TService, Task> use) =>
        UseAsync(services, async service =>
        {
            await use(service);
            return true;
        });
}
