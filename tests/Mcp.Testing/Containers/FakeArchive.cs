using System.Text;

namespace Mcp.Testing.Containers;

/// <summary>What the <see cref="FakeContainerRuntime"/> loads in place of an engine's tar.</summary>
public static class FakeArchive
{
    /// <param name="filler">Bytes between start and end, for tests of long transfers.</param>
    public static byte[] Of(string image, string content, int filler = 0) =>
        Encoding.UTF8.GetBytes($"fake archive\nimage {image} {content}\n{new string('.', filler)}\nend\n");

    /// <summary>null when it does not begin as one or does not come to its end.</summary>
    internal static (string Image, string Content)? Read(byte[] archive) =>
        Encoding.UTF8.GetString(archive)
            .Split('\n') is ["fake archive", var line, .., "end", ""] && line.Split(' ') is ["image", var image, var content]
                ? (image, content)
                : null;
}
