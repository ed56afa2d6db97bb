using Mcp.Cli.Output;
using Mcp.Core.Operations;
using Spectre.Console;

namespace Mcp.Cli.Operations;

/// <summary>How work on an image reads.</summary>
internal static class ImageLine
{
    public static string Running(ImageProgressed progress, TimeSpan elapsed)
    {
        var message = progress.Message.Length > 0 ? ", " + progress.Message : "";
        return $"{Word(progress.Phase)}ing {progress.Image}{message} {(elapsed >= TimeSpan.FromSeconds(1) ? RelativeTime.Elapsed(elapsed) : "")}".TrimEnd();
    }

    /// <param name="mark">A symbol or a word for "done".</param>
    public static Paragraph Finished(ImageProgressed progress, string mark)
    {
        var line = new Paragraph().Append(mark, StateStyle.Good).Append($" {Word(progress.Phase)} {progress.Image}");
        if (progress.Elapsed >= TimeSpan.FromMilliseconds(50))
            line.Append(" " + RelativeTime.Elapsed(progress.Elapsed), StateStyle.Off);
        if (progress.Message.Length > 0)
            line.Append(": " + progress.Message, StateStyle.Off);
        return line.Append("\n");
    }

    /// <summary>What is about to be done, one line per image.</summary>
    public static IEnumerable<Paragraph> Planned(ImagesPlanned plan) => plan.Images
        .Where(i => i.Action != ImageAction.None)
        .Select(i => new Paragraph($"{Words(i.Action)} {i.Image}").Append(i.Reason.Length > 0 ? $" ({i.Reason})\n" : "\n", StateStyle.Off));

    public static string Interrupted(ImageProgressed progress) => progress.Phase switch
    {
        ImagePhase.Build => $"stopped while building {progress.Image}; no tag was given to it and nothing was pushed",
        ImagePhase.Push => $"stopped while pushing {progress.Image}; nothing incomplete carries its tag",
        _ => $"stopped while sending {progress.Image}; the node has no part of it",
    };

    private static string Word(ImagePhase phase) => phase.ToString().ToLowerInvariant();

    public static string Words(ImageAction action) => action switch
    {
        ImageAction.Build => "build",
        ImageAction.BuildAndPush => "build and push",
        ImageAction.BuildAndSend => "build and send",
        _ => "send",
    };
}
