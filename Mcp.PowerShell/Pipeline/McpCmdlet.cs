using System.Collections.Concurrent;
using System.Management.Automation;
using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Operations;

namespace Mcp.PowerShell.Pipeline;

/// <summary>The base of every cmdlet: runs its async work on the pipeline's thread, stops it when PowerShell says so, and turns the
/// client's errors into error records. Nothing is read and no node is contacted before the first record is processed.</summary>
public abstract class McpCmdlet : PSCmdlet, IDisposable
{
    /// <summary>What was said about the config in this session; once is enough.</summary>
    private static readonly ConcurrentDictionary<string, bool> Warned = new();

    private readonly CancellationTokenSource _stop = new();
    private WorkstationConfig? _workstation;
    private bool _disposed;

    /// <summary>The workstation's config file; otherwise MCP_CONFIG, otherwise
    /// ~/.config/mcp/mcp.toml (%APPDATA%\mcp\mcp.toml on Windows).</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Config { get; set; }

    private protected WorkstationConfig Workstation => _workstation ??= LoadWorkstation();

    /// <summary>What parameters say over environment and config file.</summary>
    private protected virtual WorkstationOverrides Overrides => WorkstationOverrides.None;

    /// <summary>How long a stopped command may tidy up before the prompt comes back without it.</summary>
    private protected virtual TimeSpan TidyUpLimit => TimeSpan.FromSeconds(1);

    private protected ServiceDirectory Services => Workstation.OpenServices(Surroundings);

    /// <summary>Whether this call gets its targets from the pipeline, one after the other.</summary>
    private protected bool Piped => MyInvocation.ExpectingInput;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (_disposed || !disposing)
            return;
        _disposed = true;
        _stop.Cancel();
        _stop.Dispose();
    }

    protected sealed override void ProcessRecord() => Run(ProcessAsync);

    protected sealed override void EndProcessing() => Run(EndAsync);

    protected sealed override void StopProcessing()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Ctrl+C came as the pipeline ended by itself.
        }
    }

    private protected virtual Task ProcessAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private protected virtual Task EndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Follows an operation to its end, and shows it meanwhile.</summary>
    /// <param name="status">What is done before the first update comes.</param>
    /// <param name="refused">The target of the error record when it did not begin.</param>
    /// <param name="failed">The same when it failed.</param>
    /// <returns>What it came to; null when it did not succeed: the error has been written.</returns>
    private protected async Task<OperationState?> FollowAsync(
        string activity, string node, string status, Func<CancellationToken, IAsyncEnumerable<OperationUpdate>> operation,
        Func<McpException, object> refused, Func<OperationState, object> failed, CancellationToken cancellationToken)
    {
        var report = new OperationReport(this, activity, node);
        report.Show(status);
        try
        {
            await foreach (var update in Background.Each(operation, cancellationToken))
                report.Show(update);
        }
        catch (McpException e)
        {
            report.Close();
            WriteError(e, refused(e));
            return null;
        }
        report.Close();
        if (report.State.Failure is not { } failure)
            return report.State;
        WriteError(failure.ToException(node), failed(report.State));
        return null;
    }

    private protected void WriteError(McpException error, object? target = null)
    {
        foreach (var record in ErrorRecords.From(error, target))
            WriteError(record);
    }

    private protected void NotFound(string id, string message, string remedy, string target) =>
        WriteError(new McpException(ErrorKind.NotFound, id, message, remedy), target);

    /// <summary>A path as PowerShell users write it: relative to their location, with ~ and PSDrives.</summary>
    private protected string FullPath(string written) => GetUnresolvedProviderPathFromPSPath(written);

    /// <summary>The files that a -Path names. A file that is there by that very name is meant, also with brackets in it.</summary>
    private protected IEnumerable<string> Files(string written)
    {
        var literal = FullPath(written);
        return WildcardPattern.ContainsWildcardCharacters(written) && !File.Exists(literal)
            ? GetResolvedProviderPathFromPSPath(written, out _)
            : [literal];
    }

    private void Run(Func<CancellationToken, Task> body)
    {
        try
        {
            PipelineLoop.Run(() => body(_stop.Token), TidyUpLimit, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopping is no error, and PowerShell knows about it.
        }
        catch (McpException e)
        {
            Terminate(e);
        }
    }

    /// <summary>An error that ends the command. All but the last of several problems are written; the last ends the command.</summary>
    private protected void Terminate(McpException error, object? target = null)
    {
        var records = ErrorRecords.From(error, target);
        foreach (var record in records.SkipLast(1))
            WriteError(record);
        ThrowTerminatingError(records[^1]);
    }

    /// <summary>The process's current directory is not the session's.</summary>
    private WorkstationEnvironment Surroundings =>
        WorkstationEnvironment.Current with { CurrentDirectory = SessionState.Path.CurrentFileSystemLocation.ProviderPath };

    private WorkstationConfig LoadWorkstation()
    {
        var workstation = WorkstationConfig.Load(Surroundings, Config is null ? null : FullPath(Config), "-Config", Overrides);
        foreach (var warning in workstation.Warnings.Select(w => w.ToString()).Where(w => Warned.TryAdd(w, true)))
            WriteWarning(warning);
        return workstation;
    }
}
