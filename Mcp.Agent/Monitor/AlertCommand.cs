using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mcp.Core.Processes;
using Mcp.Core.Status;

namespace Mcp.Agent.Monitor;

/// <summary>The operator's command: told by environment variables and, as JSON, on its standard input.</summary>
internal sealed class AlertCommand(MonitorOptions options, TimeProvider time)
{
    private const int OutputKept = 500;

    public string Name => Path.GetFileName(options.Alert.Command[0]);

    /// <summary>null when it went well; otherwise what failed.</summary>
    public async Task<string?> RunAsync(EventEntry happened, CancellationToken cancellationToken)
    {
        var command = new ProcessCommand(options.Alert.Command[0], [.. options.Alert.Command.Skip(1)])
        {
            Environment = EnvironmentOf(happened),
        };
        var text = new AlertText(options.Node, happened.Id, happened.At, happened.Kind, happened.Service, happened.Component,
            happened.Message);
        try
        {
            var input = JsonSerializer.SerializeToUtf8Bytes(text, AlertJson.Default.AlertText);
            var result = await Subprocess.RunAsync(command, input, options.Alert.Timeout, time, cancellationToken);
            if (result.ExitCode == 0)
                return null;
            var said = string.Join(' ', new[] { Tail(result.Output), Tail(result.Error) }.Where(t => t.Length > 0));
            return $"alert command {Name} failed with exit code {result.ExitCode}{(said.Length == 0 ? "" : ": " + said)}";
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return $"alert command {options.Alert.Command[0]} can't be started: {e.Message}";
        }
        catch (TimeoutException)
        {
            return $"alert command {Name} was killed: it had not ended after {options.Alert.Timeout.TotalSeconds:0} s";
        }
    }

    private Dictionary<string, string> EnvironmentOf(EventEntry happened) => new()
    {
        ["MCP_NODE"] = options.Node,
        ["MCP_EVENT_ID"] = happened.Id.ToString(CultureInfo.InvariantCulture),
        ["MCP_EVENT_AT"] = happened.At.ToString("O", CultureInfo.InvariantCulture),
        ["MCP_EVENT_KIND"] = happened.Kind,
        ["MCP_SERVICE"] = happened.Service,
        ["MCP_COMPONENT"] = happened.Component,
        ["MCP_MESSAGE"] = happened.Message,
    };

    private static string Tail(string output) => (output.Length > OutputKept ? output[^OutputKept..] : output).Trim();
}

internal sealed record AlertText(string Node, long Id, DateTimeOffset At, string Kind, string Service, string Component, string Message);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AlertText))]
internal sealed partial class AlertJson : JsonSerializerContext;
