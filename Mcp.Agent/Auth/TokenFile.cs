using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mcp.Agent.Auth;

/// <param name="Sha256">Of the token, lower-case hexadecimal. The token itself is nowhere on this machine.</param>
/// <param name="ExpiresAt">null: never.</param>
internal sealed record TokenRecord(string Name, Role Role, string Sha256, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt = null);

/// <summary>The content of tokens.json.</summary>
internal sealed record TokenFile(int Version, IReadOnlyList<TokenRecord> Tokens)
{
    public static readonly TokenFile Empty = new(1, []);

    public static TokenFile Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, TokenFileJson.Default.TokenFile) is { Version: 1, Tokens: not null } file
            ? file
            : throw new JsonException("it is not a token file of version 1");

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, TokenFileJson.Default.TokenFile);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(TokenFile))]
internal sealed partial class TokenFileJson : JsonSerializerContext;
