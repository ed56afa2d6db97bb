namespace Mcp.Core.Definitions.Rules;

/// <summary>[components.health]: one thing to ask, at a place that there is, within times that end.</summary>
internal static class HealthRules
{
    public static void Check(RuleContext context, string path, string label, ComponentDefinition component)
    {
        if (component.Health is not { } health)
            return;
        var (at, name) = ($"{path}.health", $"{label}: health");
        var probes = Probes(health).ToList();
        if (probes.Count > 1)
            context.Report($"{at}.{probes[1]}", $"{name} has {string.Join(" and ", probes)}", "keep one of them");
        if (health.Http is { } http && (http.Length == 0 || http[0] != '/' || http.Any(c => c <= ' ' || c > '~')))
            context.Report($"{at}.http", $"{name}: http = \"{http}\" is not a path",
                "write the path of a page, beginning with '/': http = \"/healthz\"");
        if (health.Http is null && health.Status is not null)
            context.Report($"{at}.status", $"{name} has status without http", "add http = \"/path\", or remove status");
        if (health.Http is null && health.Host is not null)
            context.Report($"{at}.host", $"{name} has host without http", "add http = \"/path\", or remove host");
        if (health.Host is { } host && (host.Length == 0 || host.Any(c => c <= ' ' || c > '~' || c is '/' or '"')))
            context.Report($"{at}.host", $"{name}: '{host}' can't be a Host header", "write a DNS name, with :port where it needs one");
        if (health.Exec.Count > 0 && (health.Exec[0].Length == 0 || health.Exec.Any(a => a.Contains('\0', StringComparison.Ordinal))))
            context.Report($"{at}.exec", $"{name}: exec is not a command", "write program and arguments: exec = [\"pg_isready\", \"-q\"]");
        if (health.Status is < 100 or > 599)
            context.Report($"{at}.status", $"{name}: status {health.Status} is not an HTTP status", "write a number from 100 to 599");
        if (health.Retries is < 1 or > 1000)
            context.Report($"{at}.retries", $"{name}: retries {health.Retries} is out of range", "write a number from 1 to 1000");
        CheckPlace(context, at, name, component, health);
        CheckTime(context, $"{at}.interval", name, "interval", health.Interval, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(10));
        CheckTime(context, $"{at}.timeout", name, "timeout", health.Timeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10));
        CheckTime(context, $"{at}.start_period", name, "start_period", health.StartPeriod, TimeSpan.Zero, TimeSpan.FromHours(1));
        CheckTime(context, $"{at}.stay_up", name, "stay_up", health.StayUp, TimeSpan.Zero, HealthDefinition.MaxStayUp);
    }

    private static IEnumerable<string> Probes(HealthDefinition health)
    {
        if (health.Http is not null)
            yield return "http";
        if (health.Tcp)
            yield return "tcp";
        if (health.Exec.Count > 0)
            yield return "exec";
        if (health.Image == true)
            yield return "image";
    }

    private static void CheckPlace(RuleContext context, string at, string name, ComponentDefinition component, HealthDefinition health)
    {
        var asked = health.Http is not null ? "http" : health.Tcp ? "tcp" : null;
        var key = health.Route is not null ? "route" : health.Port is not null ? "port" : null;
        if (asked is null && key is not null)
            context.Report($"{at}.{key}", $"{name} has {key} without http or tcp", $"add http = \"/path\" or tcp = true, or remove {key}");
        else if (health.Route is not null && health.Port is not null)
            context.Report($"{at}.port", $"{name} has route and port", "keep one of them");
        else if (health.Route is { } route && component.Routes.All(r => r.Name != route))
            context.Report($"{at}.route", $"{name}: the component has no route '{route}'",
                NearestName.Remedy(route, [.. component.Routes.Select(r => r.Name)], "routes"));
        else if (health.Port is { } port && component.Network != "host"
            && !component.Ports.Any(p => p.ContainerPort == port && p.Protocol == "tcp"))
            context.Report($"{at}.port", $"{name}: container port {port} is not published",
                $"add it to ports (\"127.0.0.1:HOST:{port}\"), or name a route");
        else if (asked is not null && key is null)
            CheckChoice(context, at, name, component, asked);
    }

    /// <summary>Without route or port: http asks the only route, tcp each of them; without routes the only fixed port.</summary>
    private static void CheckChoice(RuleContext context, string at, string name, ComponentDefinition component, string asked)
    {
        var ports = component.Ports.Where(p => p.Protocol == "tcp").Select(p => p.ContainerPort).Distinct().Count();
        if (component.Routes.Count == 0 && ports == 0)
            context.Report($"{at}.{asked}", $"{name}: there is no route and no port to ask",
                "add [[components.routes]] or ports, or use exec = [\"program\", \"argument\"]");
        else if (asked == "http" && component.Routes.Count > 1)
            context.Report($"{at}.http", $"{name}: http does not say which route to ask",
                $"add route = \"{component.Routes[0].Name}\" or another one's name");
        else if (asked == "http" && component.Routes.Count == 0 && ports > 1)
            context.Report($"{at}.http", $"{name}: http does not say which port to ask", "add port = the container port");
    }

    private static void CheckTime(RuleContext context, string at, string name, string key, TimeSpan? time, TimeSpan least, TimeSpan most)
    {
        if (time is { } given && (given < least || given > most))
            context.Report(at, $"{name}: {key} = \"{DurationText.Of(given)}\" is out of range",
                $"write {DurationText.Of(least)} to {DurationText.Of(most)}");
    }
}
