using Microsoft.Extensions.Logging.Console;

namespace Mcp.Agent.Hosting;

/// <summary>One line per entry on stderr; <see cref="ServiceManager"/> puts the journal's form in place of this one.</summary>
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

        logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
        });
        logging.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
