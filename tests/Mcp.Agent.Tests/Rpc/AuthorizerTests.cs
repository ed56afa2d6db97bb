using System.Text;
using Grpc.Core;
using Mcp.Agent.Auth;
using Mcp.Agent.Rpc;
using Mcp.Core.Protocol;
using Mcp.Testing;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Tests.Rpc;

public sealed class AuthorizerTests
{
    private const string Method = "/mcp.v1.NodeAgent/Deploy";
    private const string Peer = "ipv4:10.0.0.1:40000";

    private readonly RecordingLogger<Authorizer> _log = new();
    private readonly FakeValidator _tokens = new() { ["mcp_viewer"] = new("vera", Role.Viewer) };

    [Theory]
    [InlineData("Bearer mcp_viewer")]
    [InlineData("bearer  mcp_viewer ")]
    public void Authenticate_KnownToken_IsItsOwner(string header)
    {
        Assert.Equal(new Caller("vera", Role.Viewer, Peer), Authorizer().Authenticate(Method, header, Peer));
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData(null, "token-missing")]
    [InlineData("", "token-missing")]
    [InlineData("Bearer ", "token-missing")]
    [InlineData("Basic bWNwOm1jcA==", "token-missing")]
    [InlineData("Bearer mcp_stranger", "token-wrong")]
    public void Authenticate_Otherwise_RefusesWithARemedyAndNeverNamesTheToken(string? header, string id)
    {
        var error = Assert.Throws<RpcException>(() => Authorizer().Authenticate(Method, header, Peer));
        IsRefusal(error, StatusCode.Unauthenticated, id);
    }

    [Theory]
    [InlineData((int)Role.Viewer, (int)Role.Viewer)]
    [InlineData((int)Role.Viewer, (int)Role.Operator)]
    [InlineData((int)Role.Operator, (int)Role.Operator)]
    [InlineData((int)Role.Operator, (int)Role.Admin)]
    public void Permit_RoleSuffices_LetsPass(int needed, int has)
    {
        Authorizer().Permit(Method, (Role)needed, new("anna", (Role)has, Peer));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void Permit_RoleTooLow_NamesBothRoles()
    {
        var error = Assert.Throws<RpcException>(() => Authorizer().Permit(Method, Role.Operator, new("vera", Role.Viewer, Peer)));

        IsRefusal(error, StatusCode.PermissionDenied, "role-too-low");
        Assert.Equal("Deploy needs the role operator, and the token 'vera' has the role viewer", error.Status.Detail);
        Assert.Contains("--role operator", RemedyOf(error), StringComparison.Ordinal);
    }

    [Fact]
    public void Closed_MethodWithoutAPolicy_NoRolePermitsIt() =>
        IsRefusal(Authorizer().Closed("/mcp.v1.NodeAgent/Unlisted", Peer), StatusCode.PermissionDenied, "method-closed");

    [Fact]
    public void Authenticate_TokenFileUnreadable_TellsTheOperatorInTheLogAndTheCallerOnlyThat()
    {
        _tokens.Problem = new("can't read /data/tokens.json", "chown it");
        var error = Assert.Throws<RpcException>(() => Authorizer().Authenticate(Method, "Bearer mcp_viewer", Peer));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.DoesNotContain("tokens.json", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("chown it", Assert.Single(_log.Lines).Text, StringComparison.Ordinal);
    }

    private void IsRefusal(RpcException error, StatusCode status, string id)
    {
        Assert.Equal((status, id), (error.StatusCode, error.Trailers.GetValue(ErrorTrailers.ErrorId)));
        Assert.NotEmpty(RemedyOf(error));
        Assert.NotEmpty(error.Status.Detail);
        Assert.DoesNotContain(
            _log.Lines.Select(line => line.Text).Append(error.Status.Detail), text => text.Contains("mcp_", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Warning, Assert.Single(_log.Lines).Level);
    }

    private static string RemedyOf(RpcException error) => Encoding.UTF8.GetString(error.Trailers.GetValueBytes(ErrorTrailers.Remedy)!);

    private Authorizer Authorizer() => new(_tokens, new FailedAttempts(TimeProvider.System), _log);

    private sealed class FakeValidator : Dictionary<string, TokenOwner>, ITokenValidator
    {
        public TokenStoreException? Problem { get; set; }

        public TokenOwner? Validate(string token) => Problem is null ? this.GetValueOrDefault(token) : throw Problem;
    }
}
