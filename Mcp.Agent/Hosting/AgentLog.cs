using Microsoft.Extensions.Logging.Console;

namespace Mcp.Agent.Hosting;

/// <summary>One line per entry on stderr; under systemd with the priority that the journal understands, and without the time that it adds itself.</summary>
internal static class AgentLog
{
    public static void Configure(ILoggingBuilder logging, LogLevel level)
    {
        logging.SetMinimumLevel(level);

        // The frameworks' own chatter at the agent's level would bury the agent's; refused calls, for one, have a line of ours already.
        var framework = level is LogLevel.Information ? LogLevel.Warning : level;
        logging.AddFilter("Microsoft", framework);
        logging.AddFilter("Grpc", framework);

        // What ends the agent is said once, with a remedy, and not before as a stack trace.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        if (IsJournal)
            logging.AddSystemdConsole(options => options.UseUtcTimestamp = false);
        else
            logging.AddSimpleConsole(options =>
            {
                options.SingleLine = true;
                options.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
            });
        logging.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    /// <summary>systemd sets this for programs whose output goes to the journal.</summary>
    private static bool IsJournal => Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 };
}
