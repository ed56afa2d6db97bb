using Spectre.Console;
using Spectre.Console.Rendering;

namespace Mcp.Cli.Operations;

/// <summary>While a live display stands below, lines are written over it. One that wraps reaches further down than the display expects,
/// and the rest of what stood there would stay behind it: so all of that is erased first.</summary>
internal sealed class EraseBelow : IRenderHook
{
    public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables)
    {
        var written = renderables.ToList();
        // The display's own refresh comes by here as well, many times a second, and needs none.
        return written.TrueForAll(r => r is ControlCode) ? written : [new ControlCode("\u001b[0J"), .. written];
    }
}
