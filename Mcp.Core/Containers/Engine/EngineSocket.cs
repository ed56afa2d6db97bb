using System.IO.Pipes;
using System.Net.Sockets;

namespace Mcp.Core.Containers.Engine;

/// <summary>Where an engine listens: a unix socket's path, or a named pipe ("//./pipe/NAME") on Windows.</summary>
internal static class EngineSocket
{
    private const string PipePrefix = "//./pipe/";

    /// <summary>The path in "unix:///run/x.sock", "npipe:////./pipe/x" or a plain path; null for anything else (tcp://, ssh://).</summary>
    public static string? PathOf(string address) =>
        address.StartsWith("unix://", StringComparison.Ordinal) ? address["unix://".Length..]
        : address.StartsWith("npipe://", StringComparison.Ordinal) ? address["npipe://".Length..]
        : address.Length == 0 || address.Contains("://", StringComparison.Ordinal) ? null
        : address;

    public static bool IsPipe(string path) => path.Replace('\\', '/').StartsWith(PipePrefix, StringComparison.OrdinalIgnoreCase);

    public static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        if (IsPipe(path))
        {
            var pipe = new NamedPipeClientStream(".", path[PipePrefix.Length..], PipeDirection.InOut, PipeOptions.Asynchronous);
            try
            {
                await pipe.ConnectAsync(cancellationToken).ConfigureAwait(false);
                return pipe;
            }
            catch
            {
                await pipe.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
