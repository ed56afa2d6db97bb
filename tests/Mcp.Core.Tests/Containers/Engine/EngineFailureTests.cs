using System.Text;
using Mcp.Core.Containers;
using Mcp.Core.Containers.Engine;

namespace Mcp.Core.Tests.Containers.Engine;

/// <summary>Texts as podman 3 to 5, docker 20 to 28, their networks and registries say them.</summary>
public sealed class EngineFailureTests
{
    [Theory]
    [InlineData(500, EngineError.PortTaken, "cannot listen on the TCP port: listen tcp4 127.0.0.1:28080: bind: address already in use")]
    [InlineData(500, EngineError.PortTaken, "rootlessport listen tcp 0.0.0.0:8080: bind: address already in use")]
    [InlineData(
        500, EngineError.PortTaken,
        "driver failed programming external connectivity on endpoint web (5f): Bind for 127.0.0.1:80 failed: port is already allocated")]
    [InlineData(
        500, EngineError.PortTaken,
        "driver failed programming external connectivity on endpoint web (5f): failed to bind host port for " +
        "0.0.0.0:80:172.17.0.2:80/tcp: address already in use")]
    [InlineData(
        500, EngineError.PortTaken,
        "Ports are not available: exposing port TCP 0.0.0.0:80 -> 0.0.0.0:0: listen tcp 0.0.0.0:80: bind: address already in use")]
    [InlineData(
        500, EngineError.NameTaken,
        "container create: creating container storage: the container name \"c1\" is already in use by 5f70. You have to remove that " +
        "container to be able to reuse that name: that name is already in use")]
    [InlineData(
        409, EngineError.NameTaken,
        "Conflict. The container name \"/c1\" is already in use by container \"3316\". You have to remove (or rename) that container to " +
        "be able to reuse that name.")]
    [InlineData(
        409, EngineError.NameTaken,
        "renaming container 5f70: name c4 already in use, cannot rename container 5f70: container already exists")]
    [InlineData(404, EngineError.ImageNotFound, "no such image: localhost/nope:v1: image not known")]
    [InlineData(404, EngineError.ImageNotFound, "No such image: localhost/nope:v1")]
    [InlineData(500, EngineError.NetworkNotFound, "container create: unable to find network with name or ID nonet: network not found")]
    [InlineData(404, EngineError.NetworkNotFound, "network nonet not found")]
    [InlineData(404, EngineError.NotFound, "no container with name or ID \"zzz\" found: no such container")]
    [InlineData(404, EngineError.NotFound, "No such container: zzz")]
    [InlineData(500, EngineError.NotFound, "container 645b does not exist in database: no such container")]
    [InlineData(500, EngineError.DiskFull, "creating container storage: write /var/lib/containers/x: no space left on device")]
    [InlineData(500, EngineError.DiskFull, "mkdir /data/overlay2/x: disk quota exceeded")]
    [InlineData(501, EngineError.NotSupported, "not implemented")]
    [InlineData(
        500, EngineError.Failed,
        "runc: exec: \"/nosuch\": stat /nosuch: no such file or directory: OCI runtime attempted to invoke a command that was not found")]
    [InlineData(500, EngineError.Failed, "exec: \"/run.sh\": permission denied: OCI permission denied")]
    public void Classify_WordsOfAnEngine_AreUnderstood(int status, EngineError expected, string words) =>
        Assert.Equal(expected, EngineFailure.Classify(status, words, pulling: false));

    [Theory]
    [InlineData(
        200, EngineError.ImageNotFound,
        "initializing source docker://r:5000/t:v9: reading manifest v9 in r:5000/t: manifest unknown: manifest unknown")]
    [InlineData(404, EngineError.ImageNotFound, "manifest for r:5000/t:v9 not found: manifest unknown: manifest unknown")]
    [InlineData(200, EngineError.ImageNotFound, "reading manifest v9 in r/t: name unknown: repository not found")]
    [InlineData(
        200, EngineError.RegistryUnreachable,
        "initializing source docker://r:5000/a:v1: pinging container registry r:5000: Get \"http://r:5000/v2/\": dial tcp 10.0.0.1:5000: " +
        "connect: connection refused")]
    [InlineData(
        500, EngineError.RegistryUnreachable,
        "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io on 10.0.0.53:53: no such host")]
    [InlineData(
        200, EngineError.RegistryUnreachable,
        "pinging container registry r:5000: Get \"https://r:5000/v2/\": http: server gave HTTP response to HTTPS client")]
    [InlineData(
        500, EngineError.RegistryUnreachable,
        "Get \"https://r/v2/\": tls: failed to verify certificate: x509: certificate signed by unknown authority")]
    [InlineData(
        500, EngineError.RegistryUnreachable,
        "Get \"https://r/v2/\": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting " +
        "headers): i/o timeout")]
    [InlineData(500, EngineError.RegistryUnreachable, "Get \"http://127.0.0.1:1/v2/\": EOF")]
    [InlineData(500, EngineError.RegistryUnreachable, "received unexpected HTTP status: 503 Service Unavailable")]
    [InlineData(200, EngineError.RegistryUnreachable, "toomanyrequests: You have reached your pull rate limit.")]
    [InlineData(500, EngineError.Denied, "Head \"http://r:5000/v2/zzz/manifests/v9\": no basic auth credentials")]
    [InlineData(200, EngineError.Denied, "reading manifest v9 in r/zzz: unauthorized: authentication required")]
    [InlineData(
        404, EngineError.Denied,
        "pull access denied for zzz, repository does not exist or may require 'docker login': denied: requested access to the resource " +
        "is denied")]
    [InlineData(200, EngineError.DiskFull, "writing blob: storing blob to file \"/var/tmp/storage1/1\": write: no space left on device")]
    [InlineData(500, EngineError.Failed, "something new")]
    public void Classify_WordsOfAPull_AreUnderstood(int status, EngineError expected, string words) =>
        Assert.Equal(expected, EngineFailure.Classify(status, words, pulling: true));

    [Fact]
    public void From_PortTaken_NamesThePortInTheRemedy()
    {
        var error = EngineFailure.From(
            "start container web", 500, "cannot listen on the TCP port: listen tcp4 127.0.0.1:28080: bind: address already in use", null);

        Assert.Equal(
            "cannot start container web: cannot listen on the TCP port: listen tcp4 127.0.0.1:28080: bind: address already in use",
            error.Message);
        Assert.Contains("port 28080", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("r:5000/a:v1", "server gave HTTP response to HTTPS client", "insecure")]
    [InlineData("r:5000/a:v1", "x509: certificate signed by unknown authority", "CA")]
    [InlineData("localhost/a:v1", "dial tcp 127.0.0.1:443: connect: connection refused", "on the node only")]
    [InlineData("r:5000/a:v1", "manifest unknown", "push r:5000/a:v1")]
    [InlineData("r:5000/a:v1", "unauthorized", "podman login")]
    public void From_Pull_TellsWhatToDo(string image, string words, string remedy) =>
        Assert.Contains(remedy, EngineFailure.From($"pull image {image}", 200, words, image).Remedy, StringComparison.Ordinal);

    [Theory]
    [InlineData("{\"cause\":\"c\",\"message\":\"the reason\\n\",\"response\":500}", "the reason")]
    [InlineData("{\"message\":\"\"}", "{\"message\":\"\"}")]
    [InlineData("Bad Gateway\n", "Bad Gateway")]
    [InlineData("[1,2]", "[1,2]")]
    [InlineData("", "the engine gave no reason")]
    public void Words_OfAnyBody_AreFound(string body, string expected) =>
        Assert.Equal(expected, EngineFailure.Words(Encoding.UTF8.GetBytes(body)));
}
