using System.Threading.Channels;
using Mcp.Agent.Events;
using Mcp.Core.Status;

namespace Mcp.Agent.Monitor;

/// <summary>Runs the operator's alert command for events that are worth it, one after the other and apart from the monitor's own
/// work.</summary>
internal sealed partial class AlertQueue(
    AlertCommand command, EventLog events, MonitorOptions options, TimeProvider time, ILogger<AlertQueue> log)
{
    private readonly AlertOptions _options = options.Alert;
    private readonly Dictionary<(string Service, string Component, string Kind), DateTimeOffset> _lastAt = [];
    private readonly Channel<EventEntry> _waiting = Channel.CreateBounded<EventEntry>(100);

    public void Offer(EventEntry happened)
    {
        if (_options.Command.Count == 0 || !_options.Kinds.Contains(happened.Kind) || IsCoolingDown(happened))
            return;
        if (!_waiting.Writer.TryWrite(happened))
            LogDropped(happened.Kind, happened.Service, happened.Component);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var happened in _waiting.Reader.ReadAllAsync(cancellationToken))
        {
            var about = $"{happened.Kind}{(happened.Service.Length == 0 ? "" : $" of {happened.Service}/{happened.Component}")}";
            var failure = await command.RunAsync(happened, cancellationToken);
            if (failure is null)
                Record(new(EventKinds.Alert, $"ran {command.Name} for {about}", happened.Service, happened.Component));
            else
            {
                LogFailed(about, failure);
                Record(new(EventKinds.AlertFailed, $"{failure} (for {about}); check [monitor] alert command in agent.toml",
                    happened.Service, happened.Component));
            }
        }
    }

    private bool IsCoolingDown(EventEntry happened)
    {
        var key = (happened.Service, happened.Component, happened.Kind);
        var now = time.GetUtcNow();
        if (_lastAt.TryGetValue(key, out var last) && now - last < _options.Cooldown)
            return true;
        _lastAt[key] = now;
        return false;
    }

    // The monitor stops for a broken registry database; that an alert could not be noted there is no further reason.
    private void Record(AgentEvent happened)
    {
        try
        {
            events.Append(happened);
        }
        catch (AgentException e)
        {
            LogNotStored(happened.Kind, e.Message);
        }
    }

    [LoggerMessage(EventId = 310, Level = LogLevel.Warning, Message = "alert for {About} failed: {Failure}")]
    private partial void LogFailed(string about, string failure);

    [LoggerMessage(EventId = 311, Level = LogLevel.Warning,
        Message = "too many alerts are waiting: none is run for {Kind} of {Service}/{Component}")]
    private partial void LogDropped(string kind, string service, string component);

    [LoggerMessage(EventId = 312, Level = LogLevel.Error, Message = "event {Kind} could not be stored: {Failure}")]
    private partial void LogNotStored(string kind, string failure);
}
