using System.Globalization;

namespace Mcp.Core.Containers.Engine;

public sealed partial class DockerEngineRuntime
{
    private static readonly TimeSpan StopPause = TimeSpan.FromMilliseconds(30);

    /// <summary>
    /// How long to keep trying to stop a container that crash-loops. podman 4.3 needed 12 tries and 1.5 s at most in 25 of them; on two
    /// cores with a load of 30, once more than 20 s.
    /// </summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// podman answers "stopped already" (304) for a container that has just crashed, and restarts it all the same; for one that it is
    /// restarting it may answer "stopped" (204) and go on. It gives up the restart only when it stops a running container. Until then the
    /// container keeps its network, too: another container on its host port would lose its forwarding rules when the old one finally ends.
    /// </summary>
    public async Task StopAsync(string container, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        int? restarts = null;
        while (true)
        {
            await AskToStopAsync(container, timeout, cancellationToken).ConfigureAwait(false);
            var now = await AskAboutAsync(container, cancellationToken).ConfigureAwait(false);
            if (now is null || ContainerTranslation.IsAtRest(now))
                return;
            restarts ??= now.RestartCount;
            if (_time.GetElapsedTime(started) > timeout + StopPatience)
            {
                // Ended, and not restarted: its engine's clean-up process was lost.
                if (ContainerTranslation.ToInfo(now).State is not ContainerState.Running && now.RestartCount == restarts)
                    return;
                throw new EngineException(
                    EngineError.Failed,
                    $"cannot stop container {container}: it crash-loops; the engine has restarted it {now.RestartCount} times, "
                    + "faster than it can be stopped",
                    "try again, or remove it: `mcp undeploy`");
            }
            await Task.Delay(StopPause, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task AskToStopAsync(string container, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var seconds = (int)Math.Ceiling(Math.Max(0, timeout.TotalSeconds));
        var path = EnginePath.OfContainer(container, string.Create(CultureInfo.InvariantCulture, $"/stop?t={seconds}"));
        var limit = timeout + EngineHttp.AnswerTimeout;
        var answer = await _http.AskAsync(HttpMethod.Post, path, null, limit, cancellationToken).ConfigureAwait(false);
        // podman refuses to stop what is paused.
        if (!Done(answer) && await UnpauseAsync(container, cancellationToken).ConfigureAwait(false))
            answer = await _http.AskAsync(HttpMethod.Post, path, null, limit, cancellationToken).ConfigureAwait(false);
        if (!Done(answer))
            throw EngineFailure.From($"stop container {container}", answer);
    }
}
