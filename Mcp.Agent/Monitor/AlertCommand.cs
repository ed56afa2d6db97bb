using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Mcp.Core.Status;

namespace Mcp.Agent.Monitor;

/// <summary>The operator's command: told by environment variables and, as JSON, on its standard input.</summary>
internal sealed class AlertCommand(MonitorOptions options, TimeProvider time)
{
    private const int OutputKept = 500;

    // A command that leaves a child behind holds its output open; that is not waited for.
    private static readonly TimeSpan OutputPatience = TimeSpan.FromSeconds(1);

    public string Name => Path.GetFileName(options.Alert.Command[0]);

    /// <summary>null when it went well; otherwise what failed.</summary>
    public async Task<string?> RunAsync(EventEntry happened, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = StartInfo(happened) };
        try
        {
            process.Start();
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            return $"alert command {options.Alert.Command[0]} can't be started: {e.Message}";
        }

        using var timeout = new CancellationTokenSource(options.Alert.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var output = Task.WhenAll(TailAsync(process.StandardOutput), TailAsync(process.StandardError));
        try
        {
            await TellAsync(process, happened, either.Token);
            await process.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            cancellationToken.ThrowIfCancellationRequested();
            return $"alert command {Name} was killed: it had not ended after {options.Alert.Timeout.TotalSeconds:0} s";
        }
        if (process.ExitCode == 0)
            return null;
        var said = await Task.WhenAny(output, Task.Delay(OutputPatience, time, cancellationToken)) == output
            ? string.Join(' ', (await output).Where(t => t.Length > 0))
            : "";
        return $"alert command {Name} failed with exit code {process.ExitCode}{(said.Length == 0 ? "" : ": " + said)}";
    }

    private ProcessStartInfo StartInfo(EventEntry happened)
    {
        var start = new ProcessStartInfo(options.Alert.Command[0])
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in options.Alert.Command.Skip(1))
            start.ArgumentList.Add(argument);
        start.Environment["MCP_NODE"] = options.Node;
        start.Environment["MCP_EVENT_ID"] = happened.Id.ToString(CultureInfo.InvariantCulture);
        start.Environment["MCP_EVENT_AT"] = happened.At.ToString("O", CultureInfo.InvariantCulture);
        start.Environment["MCP_EVENT_KIND"] = happened.Kind;
        start.Environment["MCP_SERVICE"] = happened.Service;
        start.Environment["MCP_COMPONENT"] = happened.Component;
        start.Environment["MCP_MESSAGE"] = happened.Message;
        return start;
    }

    private async Task TellAsync(Process process, EventEntry happened, CancellationToken cancellationToken)
    {
        try
        {
            await JsonSerializer.SerializeAsync(
                process.StandardInput.BaseStream,
                new AlertText(options.Node, happened.Id, happened.At, happened.Kind, happened.Service, happened.Component, happened.Message),
                JsonSerializerOptions.Web,
                cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading: its own choice.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or AggregateException)
        {
            // It ended in the meantime, or a child of it is somebody else's by now.
        }
    }

    private static async Task<string> TailAsync(StreamReader reader)
    {
        var kept = "";
        var buffer = new char[1024];
        try
        {
            while (await reader.ReadAsync(buffer) is > 0 and var count)
            {
                kept += new string(buffer, 0, count);
                kept = kept.Length > OutputKept ? kept[^OutputKept..] : kept;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The process is gone; what was read is what there is.
        }
        return kept.Trim();
    }

    private sealed record AlertText(string Node, long Id, DateTimeOffset At, string Kind, string Service, string Component, string Message);
}
