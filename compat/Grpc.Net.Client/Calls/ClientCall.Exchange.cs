using Grpc.Core;
using Grpc.Net.Client.Credentials;
using Grpc.Net.Client.Http;
using Grpc.Net.Common;
using Grpc.Net.Common.Framing;
using Grpc.Net.Common.Wire;

namespace Grpc.Net.Client.Calls;

// The exchange over HTTP.
internal sealed partial class ClientCall<TRequest, TResponse>
{
    // The reader of the response's messages; null when there are none, the outcome says why.
    private readonly TaskCompletionSource<MessageReader?> responseStarted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void StartWithRequest(TRequest request)
    {
        if (!Begin())
            return;
        try
        {
            // Now and not later: the caller may change the message once the call has returned.
            var frame = MessageFrame.Serialize(request, Method.RequestMarshaller.ContextualSerializer, MaxSendMessageSize);
            _ = ExchangeAsync(new MessageContent(frame));
        }
        catch (Exception e)
        {
            Fail(e, "Error starting gRPC call.");
            responseStarted.TrySetResult(null);
        }
    }

    public void StartWithStream()
    {
        requestStream = new RequestStreamContent();
        RequestStream.Attach(requestStream);
        if (Begin())
            _ = ExchangeAsync(requestStream);
    }

    /// <returns>The next message; null at the end of a call that ended well.</returns>
    /// <exception cref="RpcException">The call ended otherwise.</exception>
    public async Task<TResponse?> ReadResponseAsync()
    {
        if (!outcome.Task.IsCompleted)
        {
            try
            {
                var reader = await responseStarted.Task.WaitAsync(CancellationToken).ConfigureAwait(false);
                if (reader is not null)
                {
                    if (await ReadMessageAsync(reader).ConfigureAwait(false) is { } message)
                        return message;
                    EndWithTrailers();
                }
            }
            catch (Exception e)
            {
                Fail(e, "Error reading next message.");
            }
        }
        var status = await outcome.Task.ConfigureAwait(false);
        return status.StatusCode == StatusCode.OK ? null : throw ToException(status);
    }

    private bool Begin()
    {
        channel.Enter(this);
        if (Options.CancellationToken.IsCancellationRequested)
        {
            CancelByCaller();
        }
        else if (DeadlineHasPassed())
        {
            End(DeadlineExceeded());
        }
        else
        {
            if (deadline != DateTime.MaxValue)
                deadlineTimer = new DeadlineTimer(deadline, channel.Time, () => End(DeadlineExceeded()));
            callerCancels = Options.CancellationToken.Register(CancelByCaller);
            return true;
        }
        responseStarted.TrySetResult(null);
        return false;
    }

    // Never throws: whatever happens becomes the outcome.
    private async Task ExchangeAsync(HttpContent content)
    {
        try
        {
            var request = GrpcRequest.Create(channel, Method, host, await AllHeadersAsync().ConfigureAwait(false), deadline, content);
            Keep(await channel.SendAsync(request, CancellationToken).ConfigureAwait(false));
            await ReceiveAsync(response!).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(e, "Error starting gRPC call.");
        }
        responseStarted.TrySetResult(null);
    }

    private async Task ReceiveAsync(HttpResponseMessage received)
    {
        var metadata = GrpcResponse.ReadMetadata(received.Headers);
        headers.TrySetResult(metadata);
        if (GrpcResponse.StatusFromHeaders(received) is { } status)
        {
            End(Expect(status, messages: 0), metadata);
            return;
        }

        var body = await received.Content.ReadAsStreamAsync(CancellationToken).ConfigureAwait(false);
        var reader = new MessageReader(
            body, GrpcResponse.First(received.Headers, GrpcHeaderNames.Encoding), channel.Options.MaxReceiveMessageSize, StatusCode.Internal);
        if (HasSingleResponse)
            await ReceiveSingleAsync(reader).ConfigureAwait(false);
        else
            responseStarted.TrySetResult(reader);
    }

    private async Task ReceiveSingleAsync(MessageReader reader)
    {
        var message = await ReadMessageAsync(reader).ConfigureAwait(false);
        if (message is null)
        {
            EndWithTrailers(messages: 0);
            return;
        }
        if (await reader.ReadAsync(CancellationToken).ConfigureAwait(false) is not null)
        {
            End(Expect(Status.DefaultSuccess, messages: 2));
            return;
        }
        if (EndWithTrailers(messages: 1))
            single.TrySetResult(message);
    }

    private async Task<TResponse?> ReadMessageAsync(MessageReader reader) =>
        await reader.ReadAsync(CancellationToken).ConfigureAwait(false) is { } payload
            ? PayloadContext.Deserialize(payload, Method.ResponseMarshaller.ContextualDeserializer, "response")
            : null;

    private bool EndWithTrailers(int messages = 1)
    {
        var status = Expect(GrpcResponse.StatusFromTrailers(response!), messages);
        return End(status, GrpcResponse.ReadMetadata(response!.TrailingHeaders)) && status.StatusCode == StatusCode.OK;
    }

    private Status Expect(Status status, int messages) =>
        HasSingleResponse && status.StatusCode == StatusCode.OK && messages != 1
            ? new Status(StatusCode.Unimplemented, $"{Method.FullName} returns one message; the server sent {(messages == 0 ? "none" : "more")}.")
            : status;

    private void Keep(HttpResponseMessage received)
    {
        response = received;
        lock (gate)
        {
            if (!ended)
                return;
        }
        received.Dispose();
        throw new OperationCanceledException();
    }

    private async ValueTask<Metadata?> AllHeadersAsync()
    {
        var mayCarry = channel.Security.IsSecure || channel.Options.UnsafeUseInsecureChannelCallCredentials;
        if (!mayCarry || (channel.Security.CallCredentials ?? Options.Credentials) is null)
            return Options.Headers;

        var all = new Metadata();
        foreach (var entry in Options.Headers ?? Metadata.Empty)
            all.Add(entry);
        var serviceUrl = new Uri(channel.Address, Method.ServiceName).ToString();
        foreach (var credentials in new[] { channel.Security.CallCredentials, Options.Credentials })
        {
            if (credentials is not null)
                await CallCredentialsReader.AddHeadersAsync(
                    credentials, new AuthInterceptorContext(serviceUrl, Method.Name, CancellationToken), all).ConfigureAwait(false);
        }
        return all;
    }
}
