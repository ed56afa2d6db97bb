using System.Globalization;

namespace Mcp.Core.Client.Images;

/// <summary>How far the transfer of an image is.</summary>
/// <param name="Layers">Of the image.</param>
/// <param name="Missing">Of these: the node lacked them.</param>
/// <param name="Sent">Bytes of layers that were sent.</param>
internal sealed record TransferProgress(int Layers, int Missing, long Sent)
{
    /// <summary>"5 of 6 layers are there already, sent 0.1 MB".</summary>
    public override string ToString()
    {
        var there = Missing < Layers
            ? string.Create(CultureInfo.InvariantCulture, $"{Layers - Missing} of {Layers} layers are there already, ")
            : "";
        return there + string.Create(CultureInfo.InvariantCulture, $"sent {Sent / 1e6:0.0} MB");
    }
}
