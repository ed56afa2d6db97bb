using Grpc.Core;

namespace Grpc.Net.Client.Credentials;

/// <summary>What a channel's credentials come to: TLS or not, and what each call brings along.</summary>
internal sealed record ChannelSecurity(bool IsSecure, CallCredentials? CallCredentials)
{
    public static ChannelSecurity Read(Uri address, GrpcChannelOptions options)
    {
        var isHttps = address.Scheme == Uri.UriSchemeHttps;
        if (options.Credentials is null)
            return new ChannelSecurity(isHttps, null);

        var configurator = new Configurator();
        options.Credentials.InternalPopulateConfiguration(configurator, configurator);
        if (configurator.IsSecure != isHttps)
            throw new InvalidOperationException(
                $"Channel is configured with {(configurator.IsSecure ? "secure" : "insecure")} credentials and can't use an address whose scheme is '{address.Scheme}'.");
        return new ChannelSecurity(isHttps, configurator.CallCredentials);
    }

    private sealed class Configurator : ChannelCredentialsConfiguratorBase
    {
        public bool IsSecure { get; private set; }

        public CallCredentials? CallCredentials { get; private set; }

        public override void SetInsecureCredentials(object state) => IsSecure = false;

        public override void SetSslCredentials(
            object state, string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback)
        {
            if (rootCertificates is not null || keyCertificatePair is not null || verifyPeerCallback is not null)
                throw new InvalidOperationException(
                    "SslCredentials with certificates or a callback are not supported here: configure the channel's HttpHandler instead.");
            IsSecure = true;
        }

        public override void SetCompositeCredentials(object state, ChannelCredentials channelCredentials, CallCredentials callCredentials)
        {
            channelCredentials.InternalPopulateConfiguration(this, state);
            CallCredentials = callCredentials;
        }
    }
}
