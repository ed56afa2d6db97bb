using Mcp.Core;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Mcp.Cli.Output;

/// <summary>A console on which text from elsewhere can only be text: the one place where control characters of names, messages and events
/// are written out. The console's own colours and cursor movements are no text and pass.</summary>
internal sealed class SafeConsole(IAnsiConsole console) : IAnsiConsole
{
    public Profile Profile => console.Profile;

    public IAnsiConsoleCursor Cursor => console.Cursor;

    public IAnsiConsoleInput Input => console.Input;

    public IExclusivityMode ExclusivityMode => console.ExclusivityMode;

    public RenderPipeline Pipeline => console.Pipeline;

    public void Clear(bool home) => console.Clear(home);

    public void WriteAnsi(Action<AnsiWriter> action) => console.WriteAnsi(action);

    public void Write(IRenderable renderable) => console.Write(new Safe(renderable));

    private sealed class Safe(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            inner.Render(options, maxWidth).Select(s => s.IsControlCode || s.IsLineBreak ? s : Text(s));

        private static Segment Text(Segment segment) =>
            SafeText.Of(segment.Text, lines: true) is var safe && ReferenceEquals(safe, segment.Text) ? segment : new(safe, segment.Style);
    }
}
