using System.Globalization;

namespace Mcp.Core.Containers.Engine;

public sealed partial class DockerEngineRuntime
{
    private static readonly TimeSpan StopPause = TimeSpan.FromMilliseconds(30);

    /// <summary>How long it is tried to stop what crashes and is restarted again and again; podman 4.3 needed 12 tries and 1.5 s at most in 25 of them, once 3.7 s on a busy machine.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    /// <summary>podman says "stopped already" (304) of what has just crashed, and restarts it all the same; of what it is just restarting, it may say that it was stopped (204)
    /// and go on. It only forgets the restart when it stops what runs. Until then the container has its network, too: whoever gets its host port would lose the rules
    /// that lead there when it goes at last.</summary>
    public async Task StopAsync(string container, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        int? restarts = null;
        while (true)
        {
            await AskToStopAsync(container, timeout, cancellationToken).ConfigureAwait(false);
            var answer = await _http.AskAsync(HttpMethod.Get, PathOf(container) + "/json", cancellationToken).ConfigureAwait(false);
            // Gone, or on its way out: whoever removes it does the rest.
            if (!answer.IsSuccess)
                return;
            var now = answer.Read(EngineJson.Default.ContainerDto);
            if (ContainerTranslation.IsAtRest(now))
                return;
            restarts ??= now.RestartCount;
            if (_time.GetElapsedTime(started) > timeout + StopPatience)
            {
                // Ended, and nobody restarts it: its engine's clean-up process was lost.
                if (ContainerTranslation.ToInfo(now).State is not ContainerState.Running && now.RestartCount == restarts)
                    return;
                throw new EngineException(
                    EngineError.Failed, $"cannot stop container {container}: it ends by itself and its engine restarts it, {now.RestartCount} times by now, faster than it can be stopped",
                    "try again, or remove it: `mcp undeploy`");
            }
            await Task.Delay(StopPause, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task AskToStopAsync(string container, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var seconds = (int)Math.Ceiling(Math.Max(0, timeout.TotalSeconds));
        var path = string.Create(CultureInfo.InvariantCulture, $"{PathOf(container)}/stop?t={seconds}");
        var limit = timeout + EngineHttp.AnswerTimeout;
        var answer = await _http.AskAsync(HttpMethod.Post, path, null, limit, cancellationToken).ConfigureAwait(false);
        // podman refuses to stop what is paused.
        if (!Done(answer) && await UnpauseAsync(container, cancellationToken).ConfigureAwait(false))
            answer = await _http.AskAsync(HttpMethod.Post, path, null, limit, cancellationToken).ConfigureAwait(false);
        if (!Done(answer))
            throw EngineFailure.From($"stop container {container}", answer);
    }
}
