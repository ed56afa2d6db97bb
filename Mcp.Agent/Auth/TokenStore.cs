using System.Security.Cryptography;
using System.Text.Json;
using Mcp.Agent.Hosting;
using Mcp.Core;

namespace Mcp.Agent.Auth;

/// <summary>
/// Tokens in <c>tokens.json</c>: a file and not a table, so that `mcp-agent token` works beside a running agent, and on a machine whose
/// registry database is damaged. The file is read at each call (it is a few hundred bytes) and parsed when its content changed, so a new
/// token is accepted, and a revoked one refused, at once.
/// </summary>
internal sealed class TokenStore(string path, TimeProvider time) : ITokenValidator
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);

    private Snapshot _snapshot = new([], []);

    public TokenOwner? Validate(string token)
    {
        var hash = AccessToken.Hash(token);
        TokenOwner? found = null;

        // Every entry is compared, in constant time each, so that the time taken says nothing about which one matched.
        foreach (var entry in Read().Entries)
            if (CryptographicOperations.FixedTimeEquals(entry.Hash, hash))
                found = new(
                    entry.Record.Name, entry.Record.Role, entry.Record.ExpiresAt <= time.GetUtcNow() ? entry.Record.ExpiresAt : null);
        return found;
    }

    public IReadOnlyList<TokenRecord> List() => [.. Read().Entries.Select(entry => entry.Record)];

    /// <param name="validFor">null: until it is revoked.</param>
    /// <returns>The token, which can't be shown again.</returns>
    public async Task<string> CreateAsync(string name, Role role, TimeSpan? validFor, CancellationToken cancellationToken)
    {
        if (name.Length is 0 or > 64 || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            throw new TokenStoreException($"'{name}' is not a valid token name",
                "use 1 to 64 characters without spaces, such as 'alice' or 'ci'");
        var token = AccessToken.Create();
        await ChangeAsync(records =>
        {
            if (records.Any(record => record.Name == name))
                throw new TokenStoreException(
                    $"a token named '{name}' already exists", $"choose another name, or run `mcp-agent token revoke {name}` first");
            records.Add(Record(name, role, token, validFor));
        }, cancellationToken);
        return token;
    }

    /// <summary>Another token in place of one, with its name and role, and for as long as that one was made for. The old one is refused
    /// from now on.</summary>
    /// <returns>The token, which can't be shown again.</returns>
    public async Task<string> RotateAsync(string name, CancellationToken cancellationToken)
    {
        var token = AccessToken.Create();
        await ChangeAsync(records =>
        {
            var at = records.FindIndex(record => record.Name == name);
            if (at < 0)
                throw NoToken(name, records);
            records[at] = Record(name, records[at].Role, token, records[at].ExpiresAt - records[at].CreatedAt);
        }, cancellationToken);
        return token;
    }

    public Task RevokeAsync(string name, CancellationToken cancellationToken) => ChangeAsync(records =>
    {
        if (records.RemoveAll(record => record.Name == name) == 0)
            throw NoToken(name, records);
    }, cancellationToken);

    private TokenRecord Record(string name, Role role, string token, TimeSpan? validFor)
    {
        var now = time.GetUtcNow();
        return new(name, role, Convert.ToHexStringLower(AccessToken.Hash(token)), now, now + validFor);
    }

    private static TokenStoreException NoToken(string name, List<TokenRecord> records) =>
        new($"there is no token named '{name}'", records.Count == 0
            ? "no token exists yet; make one with `mcp-agent token create --name NAME --role ROLE`"
            : $"tokens that exist: {string.Join(", ", records.Select(record => record.Name))}");

    private async Task ChangeAsync(Action<List<TokenRecord>> change, CancellationToken cancellationToken)
    {
        try
        {
            await using var only = await WaitForLockAsync(cancellationToken);
            var records = List().ToList();
            change(records);
            PrivateFile.Write(path, new TokenFile(1, records).ToJson());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenStoreException($"can't write {path}: {e.Message}",
                "run this as the user who owns the agent's data directory", e);
        }
    }

    private async Task<FileStream> WaitForLockAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return PrivateFile.OpenExclusive(path + ".lock");
            }
            catch (IOException) when (time.GetElapsedTime(started) < LockPatience && Directory.Exists(Path.GetDirectoryName(path)))
            {
                // Another `mcp-agent token` is writing; that takes milliseconds.
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
            }
        }
    }

    private Snapshot Read()
    {
        try
        {
            var bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
            var last = Volatile.Read(ref _snapshot);
            if (bytes.AsSpan().SequenceEqual(last.Bytes))
                return last;

            var file = bytes.Length == 0 ? TokenFile.Empty : TokenFile.Parse(bytes);
            var next = new Snapshot(bytes, [.. file.Tokens.Select(record => (record, Convert.FromHexString(record.Sha256)))]);
            Volatile.Write(ref _snapshot, next);
            return next;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenStoreException($"can't read {path}: {e.Message}",
                "give the file to the user that the agent runs as (chown), with mode 0600", e);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new TokenStoreException($"{path} is damaged: {e.Message}",
                "restore it from a backup, or delete it and make new tokens with `mcp-agent token create`", e);
        }
    }

    private sealed record Snapshot(byte[] Bytes, IReadOnlyList<(TokenRecord Record, byte[] Hash)> Entries);
}
