using Mcp.Core.Images.Building;

namespace Mcp.Core.Tests.Images.Building;

/// <summary>Keeps what is reported, and lets a test wait for a line.</summary>
internal sealed class OutputRecorder(string? awaited = null) : IProgress<ImageOutput>
{
    private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<ImageOutput> Lines { get; } = [];

    public IEnumerable<string> Texts => Lines.Select(l => l.Text);

    public Task Seen => _seen.Task.WaitAsync(TimeSpan.FromSeconds(60));

    public void Report(ImageOutput value)
    {
        lock (Lines)
            Lines.Add(value);
        if (awaited is not null && value.Text.Contains(awaited, StringComparison.Ordinal))
            _seen.TrySetResult();
    }
}
