namespace Mcp.Testing.Engines;

/// <summary>What kind of image registry a test wants.</summary>
public sealed record TestRegistryOptions
{
    public const string User = "anna";
    public const string Password = "correct horse battery";

    /// <summary>bcrypt of <see cref="Password"/>; the only kind docker-registry takes.</summary>
    internal const string UserLine = User + ":$2y$05$CCCCCCCCCCCCCCCCCCCCCuRQeW4eUswFy5F5YBWVDN6nnlPahA1Hy";

    // A user whose password nobody knows: that every login fails is the point.
    internal const string SomeoneElse = "nobody:$2y$05$abcdefghijklmnopqrstuuqwWMzKt5N8p.u2GX5MuH1t19BMWuLOW";

    /// <summary>Every request needs a login that nobody has.</summary>
    public bool Locked { get; init; }

    /// <summary>Every request needs <see cref="User"/> and <see cref="Password"/>.</summary>
    public bool Login { get; init; }

    public TestAuthority? Authority { get; init; }

    public bool ReadOnly { get; init; }

    /// <summary>null: a folder of its own.</summary>
    public string? DataFolder { get; init; }

    /// <summary>0: any free one.</summary>
    public int Port { get; init; }

    internal string Config(TempFolder folder, int port) => $$"""
        version: 0.1
        log: {level: error}
        storage:
          filesystem: {rootdirectory: {{DataFolder ?? folder.Path + "/data"}}}
          delete: {enabled: true}
          {{(ReadOnly ? "maintenance: {readonly: {enabled: true}}" : "")}}
        http:
          addr: "127.0.0.1:{{port}}"
          {{(Authority is { } tls ? $"tls: {{certificate: {tls.ChainFile}, key: {tls.KeyFile}}}" : "")}}
        {{(Locked || Login ? $"auth: {{htpasswd: {{realm: test, path: {folder.Write("htpasswd", Locked ? SomeoneElse : UserLine)}}}}}" : "")}}
        """;
}
