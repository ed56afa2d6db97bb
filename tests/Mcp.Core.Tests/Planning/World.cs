using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;

namespace Mcp.Core.Tests.Planning;

/// <summary>A pretended engine state that plans are carried out on, so that planning again can be tried.</summary>
internal static class World
{
    public static ServiceDefinition Service(params ComponentDefinition[] components) =>
        new() { Name = "shop", Components = components.ToValueList() };

    public static ComponentDefinition Web(string image = "registry/web:v1", params string[] environment) => new()
    {
        Name = "web",
        Image = image,
        Environment = environment.ToValueList(),
        Routes = [new RouteDefinition { Name = "site", Port = 443 }],
    };

    public static ComponentDefinition Worker(string image = "registry/worker:v1") => new() { Name = "worker", Image = image };

    public static AssignedPort[] Ports => [new("web", "site", 31022)];

    public static ObservedService Nothing => new() { Name = "shop" };

    public static string ImageId(string image) => "sha256:" + image;

    /// <summary>What would be observed after <paramref name="plan"/> was carried out on <paramref name="before"/>.</summary>
    public static ObservedService After(ObservedService before, Plan plan, ServiceDefinition deployed)
    {
        var containers = before.Containers.ToList();
        var images = before.Images.ToDictionary(i => i.Key, i => i.Value);
        foreach (var step in plan.Steps)
        {
            if (step.Unless is { } unless && images.GetValueOrDefault(unless.Reference) == unless.ImageId)
                continue;
            var at = containers.FindIndex(c => c.Id == step.Container || c.Name == step.Container);
            switch (step.Action)
            {
                case StepAction.Pull:
                    images[step.Image!] = ImageId(step.Image!);
                    break;
                case StepAction.Rename:
                    containers[at] = containers[at] with { Name = step.Names!.Value.To };
                    break;
                case StepAction.Create:
                    Assert.DoesNotContain(containers, c => c.Name == step.Spec!.Name);
                    containers.Add(Made(step.Spec!, ContainerState.Created, images[step.Spec!.Image]));
                    break;
                case StepAction.Start:
                    containers[at] = containers[at] with { State = ContainerState.Running };
                    break;
                case StepAction.Complete:
                    containers[at] = containers[at] with { State = ContainerState.Exited, ExitCode = 0 };
                    break;
                case StepAction.Stop:
                    containers[at] = containers[at] with { State = ContainerState.Exited };
                    break;
                case StepAction.Remove:
                    containers.RemoveAt(at);
                    break;
            }
        }
        return new() { Name = before.Name, Deployed = deployed, Containers = containers.ToValueList(), Images = new ValueMap(images) };
    }

    public static ObservedService Deployed(ServiceDefinition definition) =>
        After(Nothing, DeployPlanner.Plan(definition, null, Nothing, Ports, "op0"), definition);

    public static ContainerInfo Made(ContainerSpec spec, ContainerState state, string imageId) => new()
    {
        Id = $"id-{spec.Name}-{spec.Labels[ContainerLabels.Operation]}",
        Name = spec.Name,
        Image = spec.Image,
        ImageId = imageId,
        State = state,
        Labels = spec.Labels,
        Ports = spec.Ports,
    };

    /// <summary>"create web", "stop worker", ...: the plan's shape, for tables.</summary>
    public static string[] Shape(Plan plan) =>
        plan.Steps.Select(s => $"{s.Action} {s.Component}".TrimEnd().ToLowerInvariant()).ToArray();
}
