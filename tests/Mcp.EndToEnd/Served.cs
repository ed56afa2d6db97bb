using Mcp.Testing;

namespace Mcp.EndToEnd;

/// <summary>What a container serves on this host.</summary>
internal static class Served
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>The page at a port, without the end of its last line. Waits for it: a container that runs may not listen yet.</summary>
    public static async Task<string> TextAsync(int port)
    {
        var text = "";
        await Eventually.TrueAsync(
            async () =>
            {
                text = await Http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"));
                return true;
            },
            TimeSpan.FromSeconds(60), () => $"nothing answers on port {port}");
        return text.TrimEnd();
    }
}
