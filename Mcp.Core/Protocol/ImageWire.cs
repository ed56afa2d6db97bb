using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Images.Transfer;
using Mcp.Core.Planning;
using Wire = Mcp.V1;

namespace Mcp.Core.Protocol;

/// <summary>What is said of images, to the wire and back.</summary>
public static class ImageWire
{
    public static Wire.DeployRequest ToWire(this OperationOptions options, ServiceDefinition definition, string? component)
    {
        var wire = new Wire.DeployRequest
        {
            Definition = definition.ToWire(),
            Component = component ?? "",
            Pull = EnumWire.PullPolicies.ToWire(options.Images.Pull),
            Force = options.Force,
            TakeOver = options.TakeOver,
            Wait = options.Wait,
            ToBePushed = { options.Images.ToBePushed },
            ToBeSent = { options.Images.ToBeSent },
        };
        foreach (var (reference, digest) in options.Images.Digests)
            wire.Digests.Add(reference, digest);
        return wire;
    }

    public static OperationOptions ToOptions(this Wire.DeployRequest wire) => new()
    {
        Images = new()
        {
            Pull = EnumWire.PullPolicies.ToRecord(wire.Pull),
            Digests = new ValueMap(wire.Digests.Select(Pin)),
            ToBePushed = wire.ToBePushed.Select(Reference).ToValueList(),
            ToBeSent = wire.ToBeSent.Select(Reference).ToValueList(),
        },
        Force = wire.Force,
        TakeOver = wire.TakeOver,
        Wait = wire.Wait,
    };

    private static KeyValuePair<string, string> Pin(KeyValuePair<string, string> pin) =>
        pin.Value.Length == 0 || ImageReference.IsDigest(pin.Value) ? new(Reference(pin.Key), pin.Value)
            : throw new WireException($"the digest of {pin.Key} is '{pin.Value}', which is no digest");

    private static string Reference(string image) =>
        ImageReference.TryParse(image, out var fault) is not null ? image
            : throw new WireException($"'{image}' is not an image reference: {fault}");

    public static Wire.NodeImage ToWire(this NodeImage image) => new()
    {
        Asked = image.Asked,
        Id = image.Id,
        Tags = { image.Tags },
        Digests = { image.RepoDigests },
        Layers = { image.Layers },
        Size = image.Size,
    };

    public static NodeImage ToImage(this Wire.NodeImage wire) =>
        new(wire.Asked, wire.Id, wire.Tags.ToValueList(), wire.Digests.ToValueList(), wire.Layers.ToValueList(), wire.Size);

    public static Wire.AddImageResponse ToWire(this ImageAddition addition) => new()
    {
        Image = addition.Image?.ToWire(),
        Missing = { addition.Missing },
    };

    public static ImageAddition ToAddition(this Wire.AddImageResponse wire) => new(wire.Image?.ToImage(), wire.Missing.ToValueList());
}
