using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mcp.Agent.Hosting;

/// <summary>The certificate that the agent presents to clients.</summary>
/// <param name="Chain">The certificates between this one and its root, sent along with it.</param>
/// <param name="IsOwn">Created by the agent; clients pin its fingerprint.</param>
internal sealed record ServerCertificate(X509Certificate2 Certificate, X509Certificate2Collection Chain, bool IsOwn) : IDisposable
{
    /// <summary>SHA-256 of the certificate, as `openssl x509 -fingerprint -sha256` computes it, "AB:CD:...".</summary>
    public string Fingerprint =>
        string.Join(':', Certificate.GetCertHash(HashAlgorithmName.SHA256).Select(b => b.ToString("X2", CultureInfo.InvariantCulture)));

    public static ServerCertificate LoadOrCreate(AgentConfig config, DataDirectory directory, TimeProvider time)
    {
        if (config.Tls is { Certificate: { } certificate, Key: { } key })
            return Load(certificate, key, isOwn: false, time);
        if (!File.Exists(directory.Certificate) || !File.Exists(directory.Key))
            SelfSignedCertificate.Create(config.Name, config.Tls.Names, directory, time);
        return Load(directory.Certificate, directory.Key, isOwn: true, time);
    }

    /// <summary>Reads PEM files; the first certificate is the server's, what follows is its chain.</summary>
    public static ServerCertificate Load(string certificatePath, string keyPath, bool isOwn, TimeProvider time)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);

            // Schannel can't use a key that is only in memory.
            if (OperatingSystem.IsWindows())
                using (var ephemeral = certificate)
                    certificate = X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), null);

            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(certificatePath);
            all.RemoveAt(0);

            var loaded = new ServerCertificate(certificate, all, isOwn);
            loaded.RefuseWhenNotValid(certificatePath, time);
            return loaded;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new StartupException(ExitCodes.Usage,
                $"the certificate {certificatePath} with the key {keyPath} can't be used: {e.Message}",
                "both must be PEM, the key unencrypted and belonging to the first certificate of the file, which its chain follows", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(ExitCodes.Usage, $"the certificate can't be read: {e.Message}",
                "check that both files exist and that the user that the agent runs as may read them", e);
        }
    }

    /// <summary>Problems that would otherwise show only as errors of clients.</summary>
    public IEnumerable<string> Warnings(TimeProvider time)
    {
        var left = Certificate.NotAfter - time.GetLocalNow().DateTime;
        if (left < TimeSpan.FromDays(30))
            yield return $"the certificate expires on {Certificate.NotAfter:yyyy-MM-dd}; replace it and restart the agent";
        if (!IsOwn && Certificate.Issuer != Certificate.Subject && Chain.Count == 0)
            yield return $"the certificate file holds no chain; if '{Certificate.Issuer}' is an intermediate authority, clients refuse it: "
                + "append that authority's certificate to the file";
        if (Chain.Count > 0 && Chain[0].Subject != Certificate.Issuer)
            yield return $"the certificate was issued by '{Certificate.Issuer}', but what follows it in the file is '{Chain[0].Subject}'; "
                + "correct the order of the chain";
    }

    public void Dispose() => Certificate.Dispose();

    private void RefuseWhenNotValid(string path, TimeProvider time)
    {
        var now = time.GetLocalNow().DateTime;
        if (now > Certificate.NotAfter)
            throw new StartupException(ExitCodes.Usage, $"the certificate {path} expired on {Certificate.NotAfter:yyyy-MM-dd HH:mm}",
                IsOwn ? "delete it with its key, start the agent, and give clients the new fingerprint" : "replace it with a valid one");
        if (now < Certificate.NotBefore)
            throw new StartupException(ExitCodes.Usage,
                $"the certificate {path} is not valid before {Certificate.NotBefore:yyyy-MM-dd HH:mm}", "check this machine's clock");
    }
}
