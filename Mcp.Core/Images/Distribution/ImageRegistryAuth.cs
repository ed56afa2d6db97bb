using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Mcp.Core.Images.Credentials;

namespace Mcp.Core.Images.Distribution;

/// <summary>Turns a registry's challenge into an Authorization header, and keeps that until it expires.</summary>
internal sealed class ImageRegistryAuth(ImageRegistryHttp http, ImageRegistryFaults faults, ImageRegistryCredentials credentials,
    TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Slot> _slots = new();

    /// <summary>The header of an earlier answer for this repository; null when there is none or it has expired.</summary>
    public AuthenticationHeaderValue? Known(ImageRegistryEndpoint endpoint) =>
        SlotOf(endpoint).Current is { } answer && answer.Expires > time.GetUtcNow() ? answer.Header : null;

    /// <summary>The credential that the registry was given; null: anonymous.</summary>
    public ImageRegistryCredential? Asker(ImageRegistryEndpoint endpoint) => SlotOf(endpoint).Current?.Credential;

    /// <summary>A header that answers the challenge, other than the one just refused; null when there is nothing to answer with.</summary>
    public async Task<AuthenticationHeaderValue?> AnswerAsync(ImageRegistryEndpoint endpoint, IReadOnlyList<AuthChallenge> challenges,
        AuthenticationHeaderValue? refused, CancellationToken cancellationToken)
    {
        var slot = SlotOf(endpoint);
        // One at a time per repository: components of one service are asked about in parallel, and token services count requests.
        await slot.Gate.WaitAsync(cancellationToken);
        try
        {
            if (Known(endpoint) is { } known && !known.Equals(refused))
                return known;
            slot.Current = await ObtainAsync(endpoint, challenges, cancellationToken);
            return slot.Current?.Header is { } header && !header.Equals(refused) ? header : null;
        }
        finally
        {
            slot.Gate.Release();
        }
    }

    private async Task<Answer?> ObtainAsync(ImageRegistryEndpoint endpoint, IReadOnlyList<AuthChallenge> challenges,
        CancellationToken cancellationToken)
    {
        var credential = await credentials.FindAsync(endpoint.Name, endpoint.Repository, cancellationToken);
        if (challenges.FirstOrDefault(c => c.IsBearer) is { } bearer)
            return await FetchTokenAsync(endpoint, bearer, credential, cancellationToken);
        return challenges.Any(c => c.IsBasic) && credential is { IdentityToken: null }
            ? new(Basic(credential), DateTimeOffset.MaxValue, credential)
            : null;
    }

    private async Task<Answer> FetchTokenAsync(ImageRegistryEndpoint endpoint, AuthChallenge challenge, ImageRegistryCredential? credential,
        CancellationToken cancellationToken)
    {
        var realm = Realm(endpoint, challenge);
        var scope = string.IsNullOrEmpty(challenge["scope"]) ? $"repository:{endpoint.Repository}:pull" : challenge["scope"]!;
        var asked = time.GetUtcNow();
        using var response = await http.SendAsync(
            endpoint.Name, () => TokenRequest(realm, challenge["service"], scope, credential), cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw await RefusedAsync(endpoint, realm, response, credential);
        return ReadToken(endpoint, realm, await response.Content.ReadAsByteArrayAsync(cancellationToken), asked, credential);
    }

    private Uri Realm(ImageRegistryEndpoint endpoint, AuthChallenge challenge)
    {
        if (!Uri.TryCreate(challenge["realm"], UriKind.Absolute, out var realm) || realm.Scheme is not ("https" or "http"))
            throw ImageRegistryFaults.Protocol(endpoint.Name, $"asks for a login at '{challenge["realm"]}', which is not a URL");
        // The password goes to this address: unencrypted only where the operator has allowed it for the registry itself.
        if (realm.Scheme == "http" && !realm.IsLoopback && !faults.AllowsPlainHttp(endpoint))
            throw ImageRegistryFaults.Protocol(endpoint.Name, $"wants the login sent unencrypted to {realm.Authority}",
                $"set insecure = true under {faults.Section(endpoint.Name)} if that is right");
        return realm;
    }

    private static HttpRequestMessage TokenRequest(Uri realm, string? service, string scope, ImageRegistryCredential? credential)
    {
        if (credential?.IdentityToken is { } identity)
        {
            var form = new Dictionary<string, string>
            {
                ["grant_type"] = "refresh_token",
                ["refresh_token"] = identity,
                ["client_id"] = "mcp",
                ["scope"] = scope,
            };
            if (service is not null)
                form["service"] = service;
            return new(HttpMethod.Post, realm) { Content = new FormUrlEncodedContent(form) };
        }
        var query = new StringBuilder(realm.Query.Length > 1 ? realm.Query + "&" : "?");
        if (service is not null)
            query.Append("service=").Append(Uri.EscapeDataString(service)).Append('&');
        // Several scopes come in one parameter, separated by spaces, and go out as one parameter each.
        query.AppendJoin('&', scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => "scope=" + Uri.EscapeDataString(s)));
        if (credential is not null)
            query.Append("&account=").Append(Uri.EscapeDataString(credential.Username));
        var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(realm) { Query = query.ToString() }.Uri);
        if (credential is not null)
            request.Headers.Authorization = Basic(credential);
        return request;
    }

    private async Task<ImageRegistryException> RefusedAsync(ImageRegistryEndpoint endpoint, Uri realm, HttpResponseMessage response,
        ImageRegistryCredential? credential)
    {
        var words = await RegistryWords.ReadAsync(response);
        var what = "pulling " + endpoint.Repository;
        // The OAuth form of the request is answered with 400 where the plain one is with 401.
        var refused = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            || (response.StatusCode == HttpStatusCode.BadRequest && credential?.IdentityToken is not null);
        if (!refused)
            return ImageRegistryFaults.Protocol(endpoint.Name,
                $"its token service {realm.Authority} answers {(int)response.StatusCode}{words.Suffix}");
        return credential is null
            ? faults.NoCredentials(endpoint.Name, what, words, credentials.Files)
            : faults.WrongCredentials(endpoint.Name, what, words, credential);
    }

    private static Answer ReadToken(ImageRegistryEndpoint endpoint, Uri realm, byte[] body, DateTimeOffset asked,
        ImageRegistryCredential? credential)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var token = Text(root, "token") ?? Text(root, "access_token");
            if (!string.IsNullOrEmpty(token) && token.All(c => c is > ' ' and < (char)127))
            {
                // The specification's default; a tenth less, so that it does not expire on the way.
                var seconds = root.TryGetProperty("expires_in", out var lifetime) && lifetime.TryGetInt32(out var given) && given > 0
                    ? given
                    : 60;
                return new(new("Bearer", token), asked.AddSeconds(seconds * 0.9), credential);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Reported below, without the body: it may hold a token.
        }
        throw ImageRegistryFaults.Protocol(endpoint.Name, string.Create(CultureInfo.InvariantCulture,
            $"its token service {realm.Authority} answers without a token ({body.Length} bytes)"));
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static AuthenticationHeaderValue Basic(ImageRegistryCredential credential) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.Username}:{credential.Password}")));

    private Slot SlotOf(ImageRegistryEndpoint endpoint) => _slots.GetOrAdd($"{endpoint.Name}/{endpoint.Repository}", _ => new());

    private sealed record Answer(AuthenticationHeaderValue Header, DateTimeOffset Expires, ImageRegistryCredential? Credential);

    private sealed class Slot
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public Answer? Current { get; set; }
    }
}
