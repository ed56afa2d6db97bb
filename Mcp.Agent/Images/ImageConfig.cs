using System.Security.Cryptography;
using System.Text.Json;
using Mcp.Core.Collections;
using Mcp.Core.Images.Transfer;

namespace Mcp.Agent.Images;

/// <summary>The configuration of an image that is to be added.</summary>
/// <param name="Id">Its SHA-256, which is the image's id.</param>
/// <param name="Layers">Diff ids, bottom first.</param>
internal sealed record ImageConfig(string Id, ReadOnlyMemory<byte> Content, ValueList<string> Layers)
{
    /// <summary>Far more than an engine stacks.</summary>
    private const int MaxLayers = 1000;

    /// <exception cref="AgentException">It is not the configuration of an image.</exception>
    public static ImageConfig Read(ReadOnlyMemory<byte> content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            var layers = document.RootElement.GetProperty("rootfs").GetProperty("diff_ids").EnumerateArray()
                .Select(l => l.GetString() ?? "").ToList();
            return new(LayerDigest.Of(SHA256.HashData(content.Span)), content, Check(layers));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new AgentException(
                AgentError.InvalidRequest, $"the image's configuration can't be read: {e.Message}",
                "send the configuration as the engine has it (config of an image manifest)", e);
        }
    }

    /// <exception cref="AgentException">These can't be the layers of an image.</exception>
    public static ValueList<string> Check(IReadOnlyList<string> layers)
    {
        if (layers.Count > MaxLayers)
            throw new AgentException(
                AgentError.InvalidRequest, $"an image of {layers.Count} layers is too much; at most {MaxLayers} are taken",
                "build the image with fewer layers");
        foreach (var layer in layers)
            LayerStore.HexOf(layer);
        return layers.ToValueList();
    }
}
