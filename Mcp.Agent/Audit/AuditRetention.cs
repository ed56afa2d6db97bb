namespace Mcp.Agent.Audit;

/// <summary>How long entries of the audit are kept.</summary>
internal sealed record AuditOptions
{
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(730);

    public int MaxCount { get; init; } = 1_000_000;
}

/// <summary>Removes entries of the audit that are too old or too many, once an hour.</summary>
internal sealed class AuditRetention(AuditLog audit, AuditOptions options, TimeProvider time, ILogger<AuditRetention> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            try
            {
                if (audit.Prune(options) is > 0 and var count)
                    log.LogInformation("{Count} entries of the audit were removed for their age or number", count);
            }
            catch (AgentException e)
            {
                log.LogError(
                    "Old entries of the audit could not be removed: {Problem}; the agent tries again in {Pause}", e.Message, Pause);
            }
        }
    }
}
