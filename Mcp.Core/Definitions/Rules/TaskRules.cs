namespace Mcp.Core.Definitions.Rules;

/// <summary>A task runs to its end and serves no requests: it has neither routes nor ports, is not restarted, and nothing asks whether it
/// is healthy.</summary>
internal static class TaskRules
{
    public static void Check(RuleContext context, string path, string label, ComponentDefinition component)
    {
        if (component.StopTimeout is { } timeout && timeout > TimeSpan.FromHours(1))
            context.Report($"{path}.stop_timeout", $"{label}: a stop_timeout of {DurationText.Of(timeout)} would delay every deploy",
                "write at most \"1h\"");
        if (component.Drain is { } drain && drain > TimeSpan.FromHours(1))
            context.Report($"{path}.drain", $"{label}: a drain of {DurationText.Of(drain)} would delay every deploy",
                "write at most \"1h\"");
        if (component.Kind != ComponentKind.Task)
        {
            if (component.Timeout is not null)
                context.Report($"{path}.timeout", $"{label} has a timeout, which only a task has",
                    "remove it; [components.health] has the times of a health check");
            return;
        }
        Refuse("routes", component.Routes.Count > 0, "has routes");
        Refuse("ports", component.Ports.Count > 0, "has ports");
        Refuse("health", component.Health is not null, "has a health check; its exit code says whether it succeeded");
        Refuse("strategy", component.Strategy != DeployStrategy.Auto, "has a strategy; it is not replaced while it runs");
        Refuse("drain", component.Drain is not null, "has a drain; it serves no requests");
        Refuse("restart", component.Restart is not (null or "no"), $"has restart = \"{component.Restart}\"; it runs once for every change");

        void Refuse(string key, bool wrong, string what)
        {
            if (wrong)
                context.Report($"{path}.{key}", $"{label} is a task, and {what}", $"remove {key}, or kind = \"task\"");
        }
    }
}
