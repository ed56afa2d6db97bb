using Mcp.Cli.Output;
using Mcp.Core;
using Mcp.Core.Operations;
using Spectre.Console;

namespace Mcp.Cli.Operations;

/// <summary>Work on an image as lines.</summary>
internal static class ImageLine
{
    /// <param name="mark">A symbol or a word for "done".</param>
    public static Paragraph Finished(ImageProgressed progress, string mark)
    {
        var line = new Paragraph().Append(mark, StateStyle.Good).Append($" {StateText.Of(progress.Phase)} {progress.Image}");
        if (progress.Elapsed >= TimeSpan.FromMilliseconds(50))
            line.Append(" " + RelativeTime.Elapsed(progress.Elapsed), StateStyle.Off);
        if (progress.Message.Length > 0)
            line.Append(": " + progress.Message, StateStyle.Off);
        return line.Append("\n");
    }

    /// <summary>What is about to be done, one line per image.</summary>
    public static IEnumerable<Paragraph> Planned(ImagesPlanned plan) => plan.Images
        .Where(i => i.Action != ImageAction.None)
        .Select(
            i => new Paragraph($"{ImageText.Of(i.Action)} {i.Image}")
                .Append(i.Reason.Length > 0 ? $" ({i.Reason})\n" : "\n", StateStyle.Off));
}
