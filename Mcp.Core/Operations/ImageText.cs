namespace Mcp.Core.Operations;

/// <summary>The words for work on images, the same at every front end.</summary>
public static class ImageText
{
    /// <summary>"build and push"; "none".</summary>
    public static string Of(ImageAction action) => action switch
    {
        ImageAction.Build => "build",
        ImageAction.BuildAndPush => "build and push",
        ImageAction.BuildAndSend => "build and send",
        ImageAction.Send => "send",
        _ => "none",
    };

    /// <summary>"build and push registry/app:v1 (not in the image registry)".</summary>
    public static string Of(ImageSummary image) =>
        $"{Of(image.Action)} {image.Image}" + (image.Reason.Length > 0 ? $" ({image.Reason})" : "");

    /// <summary>"building registry/app:v1, step 2/5".</summary>
    public static string Running(ImageProgressed progress)
    {
        var doing = progress.Phase switch
        {
            ImagePhase.Build => "building",
            ImagePhase.Push => "pushing",
            _ => "sending",
        };
        return $"{doing} {progress.Image}{(progress.Message.Length > 0 ? ", " + progress.Message : "")}";
    }

    /// <summary>What an interrupted phase leaves behind.</summary>
    public static string Interrupted(ImageProgressed progress) => progress.Phase switch
    {
        ImagePhase.Build => $"stopped while building {progress.Image}; it was not tagged, and nothing was pushed",
        ImagePhase.Push => $"stopped while pushing {progress.Image}; the tag in the image registry is unchanged",
        _ => $"stopped while sending {progress.Image}; the node has no image of it, and what has arrived is not sent again",
    };
}
