using System.Net;
using System.Net.Http.Headers;
using Grpc.Net.Common.Wire;

namespace Grpc.Net.Client.Http;

/// <summary>A request body that stays open for a writer until the writer completes it or the call ends.</summary>
internal sealed class RequestStreamContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RequestStreamContent() => Headers.ContentType = new MediaTypeHeaderValue(GrpcHeaderNames.ContentType);

    /// <summary>The body, once the request is on its way; cancelled when it never gets there.</summary>
    public Task<Stream> Opened => opened.Task;

    /// <summary>Half-closes the call.</summary>
    public void Complete() => completed.TrySetResult();

    /// <summary>The call is over: nobody may wait for the body any longer.</summary>
    public void Abandon()
    {
        opened.TrySetCanceled();
        completed.TrySetResult();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // Sends the headers: a server may answer before the first message.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        opened.TrySetResult(stream);
        await completed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
