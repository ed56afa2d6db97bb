using System.Text.RegularExpressions;

namespace Mcp.Core.Definitions.Rules;

/// <summary>What holds for the top level of a definition.</summary>
internal static partial class ServiceRules
{
    public static void Check(RuleContext context, ServiceDefinition service)
    {
        NameRule.Check(context, "name", "the service", service.Name);
        if (service.Node is not null && string.IsNullOrWhiteSpace(service.Node))
            context.Report("node", "node is empty", "name a node of mcp.toml, or leave the line out when there is only one");
        if (service.Path is not null && PathFault(service.Path) is { } fault)
            context.Report("path", $"path {fault}", "give the source directory relative to the workspace, with '/' between its parts");
        if (service.Version is { } version && ImageReference.TryParse("x:" + version)?.Tag != version)
            context.Report("version", version.Length == 0 ? "version is empty" : $"version '{version}' can't be an image's tag",
                "write letters, digits, '_', '.' and '-', e.g. \"v1.2.0\", or leave the line out when each image has its tag");
        if (service.Tier is not (null or "core" or "worker"))
            context.Report("tier", $"tier is '{service.Tier}'", "write \"core\" or \"worker\", or leave the line out");
        CheckBuildImages(context, service);
        CheckBuildArguments(context, service);
        if (service.Components.Count == 0)
            context.Report("components", "the service has no components", "add [[components]] with name and image");
    }

    private static void CheckBuildImages(RuleContext context, ServiceDefinition service)
    {
        var used = service.Components.Select(c => ImageName(c.Image)).Where(n => n.Length > 0).Distinct().ToArray();
        var someUnread = service.Components.Where((c, i) => c.Image.Length == 0 || context.IsSettled($"components[{i}].image")).Any();
        foreach (var (image, dockerfile) in service.BuildImages)
        {
            if (context.IsFull)
                return;
            var path = $"build.images.{image}";
            // A component whose image is missing or could not be read may be the one that is meant, unless another is plainly nearer.
            if (!used.Contains(image) && (!someUnread || NearestName.Of(image, used) is not null))
                context.Report(path, $"build.images has '{image}', but no component uses an image of that name", KeyRemedy(image, used));
            if (string.IsNullOrWhiteSpace(dockerfile))
                context.Report(path, $"build.images.{image} is empty",
                    "give the path of its Dockerfile, relative to the service's source directory");
        }
    }

    private static void CheckBuildArguments(RuleContext context, ServiceDefinition service)
    {
        foreach (var name in service.BuildArguments.Keys)
        {
            if (name == "VERSION")
                context.Report("build.args.VERSION", "build.args sets VERSION, which is always the image's tag",
                    "remove the line; a tag says which version is built");
            else if (!Argument().IsMatch(name))
                context.Report($"build.args.{name}", $"'{name}' is not the name of a build argument",
                    "use letters, digits and '_', not beginning with a digit, as in the Dockerfile's ARG");
        }
    }

    private static string KeyRemedy(string key, string[] used) =>
        used.Contains(ImageName(key)) ? $"write only the repository's last part: {ImageName(key)}"
        : used.Length == 0 ? "give a component that image, or remove the line"
        : NearestName.Remedy(key, used, "images of the components");

    /// <summary>The repository's last part, also of a reference that has something else wrong with it.</summary>
    private static string ImageName(string image)
    {
        var last = image[(image.Split('@')[0].LastIndexOf('/') + 1)..];
        return last.Split(':', '@')[0];
    }

    private static string? PathFault(string path) =>
        path.Trim().Length == 0 ? "is empty"
        : path[0] is '/' or '\\' || Drive().IsMatch(path) ? $"'{path}' is absolute"
        : path[0] == '~' ? $"'{path}' begins at a home directory"
        : path.Split('/', '\\').Contains("..") ? $"'{path}' leaves the workspace"
        : path.Any(char.IsControl) ? "contains control characters"
        : null;

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Argument();

    [GeneratedRegex(@"\A[A-Za-z]:")]
    private static partial Regex Drive();
}
