using System.Diagnostics;

namespace Mcp.Testing;

/// <summary>Waits for what other processes do and nobody announces.</summary>
public static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan timeout, Func<string> otherwise)
    {
        var clock = Stopwatch.StartNew();
        Exception? last = null;
        while (clock.Elapsed < timeout)
        {
            try
            {
                if (await condition())
                    return;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or Mcp.Core.Containers.EngineException)
            {
                last = e;
            }
            await Task.Delay(30);
        }
        throw new TimeoutException(otherwise() + (last is null ? "" : " (" + last.Message + ")"));
    }
}
