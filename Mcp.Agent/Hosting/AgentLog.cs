using Microsoft.Extensions.Logging.Console;

namespace Mcp.Agent.Hosting;

/// <summary>One line per entry on stderr; <see cref="ServiceManager"/> puts the journal's form in place of this one.</summary>
internal static class AgentLog
{
    public static void Configure(ILoggingBuilder logging, LogLevel level)
    {
        logging.SetMinimumLevel(level);

        // At the agent's own level the frameworks' messages would bury the agent's, which logs refused calls, for one, itself.
        var framework = level is LogLevel.Information ? LogLevel.Warning : level;
        logging.AddFilter("Microsoft", framework);
        logging.AddFilter("Grpc", framework);

        // A failed start is reported once, with a remedy, and not as a stack trace before that.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
        });
        logging.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
