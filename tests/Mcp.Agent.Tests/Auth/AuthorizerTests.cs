using System.Text;
using Grpc.Core;
using Mcp.Agent.Auth;
using Mcp.Core.Protocol;
using Mcp.Testing;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Tests.Auth;

public sealed class AuthorizerTests
{
    private const string Reads = "/mcp.v1.NodeAgent/GetStatus";
    private const string Changes = "/mcp.v1.NodeAgent/Deploy";

    private readonly RecordingLogger<Authorizer> _log = new();
    private readonly FakeValidator _tokens = new()
    {
        ["mcp_viewer"] = new("vera", Role.Viewer),
        ["mcp_operator"] = new("otto", Role.Operator),
        ["mcp_admin"] = new("anna", Role.Admin),
    };

    [Theory]
    [InlineData("Bearer mcp_viewer", Reads, "vera")]
    [InlineData("bearer  mcp_viewer ", Reads, "vera")]
    [InlineData("Bearer mcp_operator", Reads, "otto")]
    [InlineData("Bearer mcp_operator", Changes, "otto")]
    [InlineData("Bearer mcp_admin", Changes, "anna")]
    public void Authorize_RoleSuffices_HandsTheCallerOn(string header, string method, string name)
    {
        var context = new FakeCallContext(method, header);
        Authorizer().Authorize(context);

        Assert.Equal((name, "ipv4:10.0.0.1:40000"), (context.Caller().Name, context.Caller().Peer));
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData(null, Reads, StatusCode.Unauthenticated, "token-missing")]
    [InlineData("", Reads, StatusCode.Unauthenticated, "token-missing")]
    [InlineData("Bearer ", Reads, StatusCode.Unauthenticated, "token-missing")]
    [InlineData("Basic bWNwOm1jcA==", Reads, StatusCode.Unauthenticated, "token-missing")]
    [InlineData("Bearer mcp_stranger", Reads, StatusCode.Unauthenticated, "token-wrong")]
    [InlineData("Bearer mcp_viewer", Changes, StatusCode.PermissionDenied, "role-too-low")]
    [InlineData("Bearer mcp_admin", "/mcp.v1.NodeAgent/Unlisted", StatusCode.PermissionDenied, "method-closed")]
    public void Authorize_Otherwise_RefusesWithARemedyAndNeverNamesTheToken(string? header, string method, StatusCode status, string id)
    {
        var context = new FakeCallContext(method, header);
        var error = Assert.Throws<RpcException>(() => Authorizer().Authorize(context));

        Assert.Equal(status, error.StatusCode);
        Assert.Equal(id, error.Trailers.GetValue(ErrorTrailers.ErrorId));
        Assert.NotEmpty(error.Trailers.GetValueBytes(ErrorTrailers.Remedy)!);
        Assert.NotEmpty(error.Status.Detail);
        // Only of someone whose role did not suffice it is known who it was; the audit wants that.
        Assert.Equal(id == "role-too-low" ? "vera" : null, context.FindCaller()?.Name);
        Assert.DoesNotContain(_log.Lines.Select(line => line.Text).Append(error.Status.Detail), text => text.Contains("mcp_", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Warning, Assert.Single(_log.Lines).Level);
    }

    [Fact]
    public void Authorize_RoleTooLow_NamesBothRoles()
    {
        var error = Assert.Throws<RpcException>(() => Authorizer().Authorize(new FakeCallContext(Changes, "Bearer mcp_viewer")));
        Assert.Equal("Deploy needs the role operator, and the token 'vera' has the role viewer", error.Status.Detail);
        Assert.Contains("--role operator", Encoding.UTF8.GetString(error.Trailers.GetValueBytes(ErrorTrailers.Remedy)!), StringComparison.Ordinal);
    }

    [Fact]
    public void Authorize_TokenFileUnreadable_TellsTheOperatorInTheLogAndTheCallerOnlyThat()
    {
        _tokens.Problem = new("can't read /data/tokens.json", "chown it");
        var error = Assert.Throws<RpcException>(() => Authorizer().Authorize(new FakeCallContext(Reads, "Bearer mcp_viewer")));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.DoesNotContain("tokens.json", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("chown it", Assert.Single(_log.Lines).Text, StringComparison.Ordinal);
    }

    private Authorizer Authorizer() => new(_tokens, new FailedAttempts(new ManualTimeProvider()), _log);

    private sealed class FakeValidator : Dictionary<string, TokenOwner>, ITokenValidator
    {
        public TokenStoreException? Problem { get; set; }

        public TokenOwner? Validate(string token) => Problem is null ? this.GetValueOrDefault(token) : throw Problem;
    }
}
