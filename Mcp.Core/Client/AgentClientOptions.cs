namespace Mcp.Core.Client;

/// <summary>How patient a client is.</summary>
public sealed record AgentClientOptions
{
    /// <summary>For the connection with its TLS handshake.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For one question that has one answer; streams have no limit.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a broken connection is retried while an operation continues at the agent.</summary>
    public TimeSpan ResumeFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of waits between attempts.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
