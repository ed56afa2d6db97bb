namespace Mcp.Core.Containers.Engine;

/// <summary>This part: commands in a container that runs.</summary>
public sealed partial class DockerEngineRuntime
{
    public async Task<ExecResult> ExecAsync(string container, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var action = $"run {command[0]} in container {container}";
        var request = new ExecRequestDto(AttachStdout: true, AttachStderr: true, command);
        var created = await _http.AskAsync(
            HttpMethod.Post, EnginePath.OfContainer(container, "/exec"), EngineHttp.Json(request, EngineJson.Default.ExecRequestDto),
            EngineHttp.AnswerTimeout, cancellationToken).ConfigureAwait(false);
        if (!created.IsSuccess)
            throw EngineFailure.From(action, created);
        var id = created.Read(EngineJson.Default.CreatedDto).Id;

        using var started = await _http.OpenAsync(
            HttpMethod.Post, EnginePath.OfExec(id, "/start"),
                EngineHttp.Json(new ExecStartDto(Detach: false, Tty: false), EngineJson.Default.ExecStartDto),
                cancellationToken).ConfigureAwait(false);
        await ThrowUnlessOkAsync(started, action, cancellationToken).ConfigureAwait(false);
        string output;
        try
        {
            output = await ExecOutput.ReadAsync(await started.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (EngineHttp.IsTransport(e, cancellationToken))
        {
            throw _http.Unreachable(e);
        }
        return new ExecResult(await ExitCodeAsync(id, action, cancellationToken).ConfigureAwait(false), output);
    }

    /// <summary>The output may end a moment before the engine has noticed the end of the command.</summary>
    private async Task<int> ExitCodeAsync(string exec, string action, CancellationToken cancellationToken)
    {
        for (var wait = TimeSpan.FromMilliseconds(5); ; wait = wait * 2 < TimeSpan.FromSeconds(1) ? wait * 2 : TimeSpan.FromSeconds(1))
        {
            var answer = await _http.AskAsync(HttpMethod.Get, EnginePath.OfExec(exec, "/json"), cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccess)
                throw EngineFailure.From(action, answer);
            if (answer.Read(EngineJson.Default.ExecDto) is { Running: false, ExitCode: { } code })
                return code;
            await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
        }
    }
}
