using System.Text.Json;

namespace Mcp.Core.Images.Distribution;

/// <summary>What an image registry or its token service says about a refusal.</summary>
internal sealed record RegistryWords(IReadOnlyList<string> Codes, string Text)
{
    private const int LongestText = 300;

    public static readonly RegistryWords None = new([], "");

    /// <summary>": words", or nothing.</summary>
    public string Suffix => Text.Length == 0 ? "" : ": " + Text;

    /// <summary>Of an answer whose body is in memory already.</summary>
    public static async Task<RegistryWords> ReadAsync(HttpResponseMessage response) =>
        Parse(await response.Content.ReadAsByteArrayAsync(), response.Content.Headers.ContentType?.MediaType);

    public static RegistryWords Parse(ReadOnlyMemory<byte> body, string? mediaType)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? FromJson(document.RootElement) : None;
        }
        catch (JsonException)
        {
            // A page of HTML does not help; a line of text may.
            return mediaType == "text/plain" ? new([], Clean(System.Text.Encoding.UTF8.GetString(body.Span))) : None;
        }
    }

    // {"errors":[{"code","message","detail"}]} from registries; {"details"}, {"error","error_description"} or {"message"} from token
    // services.
    private static RegistryWords FromJson(JsonElement root)
    {
        if (!root.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Array)
            return new([], Clean(Field(root, "error_description") ?? Field(root, "details") ?? Field(root, "message")
                ?? Field(root, "error") ?? ""));
        var codes = new List<string>();
        var texts = new List<string>();
        foreach (var error in errors.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object))
        {
            var code = Field(error, "code");
            if (code is not null)
                codes.Add(code);
            texts.Add(string.Join(": ", new[] { code, Field(error, "message") }.Where(t => !string.IsNullOrEmpty(t))));
        }
        return new(codes, Clean(string.Join("; ", texts.Distinct())));
    }

    private static string? Field(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Clean(string text)
    {
        var line = string.Concat(text.Trim().Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= LongestText ? line : line[..LongestText] + "...";
    }
}
