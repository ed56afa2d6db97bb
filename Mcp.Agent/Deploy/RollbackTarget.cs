using Mcp.Agent.Registry;
using Mcp.Core;
using Mcp.Core.Collections;
using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>Which release a rollback goes to.</summary>
internal static class RollbackTarget
{
    /// <param name="to">null: the last successful one before the current release.</param>
    /// <param name="releases">Newest first.</param>
    public static StoredRelease Choose(string service, int? to, IReadOnlyList<StoredRelease> releases)
    {
        var good = releases.Where(r => r.Release.Outcome == ReleaseOutcome.Succeeded).ToList();
        if (to is { } number)
        {
            return Readable(good.Find(r => r.Release.Number == number) ?? throw new AgentException(
                AgentError.NotFound,
                releases.FirstOrDefault(r => r.Release.Number == number) is { } bad
                    ? $"release {number} of {service} did not succeed ({StateText.Of(bad.Release.Outcome)})"
                    : $"there is no release {number} of {service} (any more)",
                good.Count == 0 ? "deploy the service from its file"
                    : $"successful releases: {string.Join(", ", good.Select(r => r.Release.Number))}; see `mcp history {service}`"));
        }
        var target = LastSuccessfulRelease.Find(releases.Select(r => r.Release), out var before);
        if (before is null)
            throw new AgentException(AgentError.NotFound, $"{service} has no release on this node", "deploy the service from its file");
        return Readable(releases.FirstOrDefault(r => r.Release == target) ?? throw new AgentException(
            AgentError.NotFound, $"{service} has no successful release before {before}",
                $"`mcp history {service}` lists what is kept; --to names one of them"));
    }

    private static StoredRelease Readable(StoredRelease target) => target.Problem.Length == 0
        ? target
        : throw new AgentException(
            AgentError.RegistryCorrupt, $"can't roll back to release {target.Release.Number} of {target.Release.Service}: {target.Problem}",
            "roll back to another release with --to, or deploy the service from its file");

    /// <summary>Exactly the images of that release, whatever their tags mean by now.</summary>
    public static OperationOptions Options(StoredRelease target) => new()
    {
        RunTasks = false,
        Images = new()
        {
            Digests = new ValueMap(target.Release.Images.DistinctBy(i => i.Image).Select(i => KeyValuePair.Create(i.Image, i.Digest))),
        },
    };
}
