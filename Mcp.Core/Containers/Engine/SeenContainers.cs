namespace Mcp.Core.Containers.Engine;

/// <summary>
/// What inspections showed, each with the row of the list that goes with it: as long as the engine lists a container with the same row, it
/// need not be inspected again. Kept only while the engine's events are listened to, which tell what rows do not.
/// docs/decisions/observed-state.md says why this is never stale.
/// </summary>
internal sealed class SeenContainers
{
    /// <summary>What began or ended within that second can do so again and have the same row.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    /// <summary>Words tell no seconds after a minute ("Up About a minute").</summary>
    private static readonly TimeSpan SettlingOfWords = TimeSpan.FromMinutes(1);

    /// <summary>
    /// What began or ended since the last listing is younger than that, and its words differ from any that were kept. After a longer time
    /// they may be the same again.
    /// </summary>
    private static readonly TimeSpan LongestGapOfWords = TimeSpan.FromSeconds(45);

    /// <summary>However quiet the files are: so often the engine is asked for its list.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Seen> _seen = new(StringComparer.Ordinal);
    private readonly List<Listing> _listings = [];
    private int _listeners;
    private WholeAnswer? _answer;

    /// <summary>Events are listened to until this is disposed.</summary>
    public IDisposable Listen()
    {
        lock (_gate)
            _listeners++;
        return new Listener(this);
    }

    /// <summary>An event told of this container.</summary>
    public void Changed(string id)
    {
        lock (_gate)
        {
            _seen.Remove(id);
            _answer = null;
            foreach (var listing in _listings)
                listing.Changed.Add(id);
        }
    }

    /// <summary>What was listed last; null when something has changed since, or may have.</summary>
    public IReadOnlyList<ContainerInfo>? Find(IReadOnlyDictionary<string, string> labels, FileStamp stamp, DateTimeOffset now)
    {
        lock (_gate)
            return _answer is { } last && last.Stamp == stamp && now - last.At is var age && age >= TimeSpan.Zero && age < LongestAnswer
                && last.Labels.All(l => labels.TryGetValue(l.Key, out var value) && value == l.Value)
                ? [.. last.Containers.Where(c => Carries(c, labels))]
                : null;
    }

    /// <summary>A listing of the containers with these labels begins; dispose it when it is done.</summary>
    /// <param name="stamp">As it is now; null: there are no files to be seen.</param>
    public Listing Begin(IReadOnlyDictionary<string, string> labels, FileStamp? stamp, DateTimeOffset now)
    {
        lock (_gate)
        {
            var listing = new Listing(this, labels, stamp, now) { IsVoid = _listeners == 0 };
            _listings.Add(listing);
            return listing;
        }
    }

    private void Unlisten()
    {
        lock (_gate)
        {
            if (--_listeners > 0)
                return;
            _seen.Clear();
            _answer = null;
            foreach (var listing in _listings)
                listing.IsVoid = true;
        }
    }

    private static bool Carries(ContainerInfo container, IReadOnlyDictionary<string, string> labels) => labels.All(l =>
        container.Labels.TryGetValue(l.Key, out var value) && (l.Value.Length == 0 || l.Value == value));

    internal sealed class Listing(
        SeenContainers owner, IReadOnlyDictionary<string, string> labels, FileStamp? stamp, DateTimeOffset began) : IDisposable
    {
        public HashSet<string> Changed { get; } = new(StringComparer.Ordinal);

        /// <summary>Events may have been missed: nothing of it is kept.</summary>
        public bool IsVoid { get; set; }

        /// <summary>null: inspect it.</summary>
        public ContainerInfo? Find(ListedContainer row)
        {
            lock (owner._gate)
            {
                if (!owner._seen.TryGetValue(row.Id, out var seen) || seen.Print != row.Print
                    || (!row.HasTimes && began - seen.At > LongestGapOfWords))
                    return null;
                owner._seen[row.Id] = seen with { At = began };
                return seen.Info;
            }
        }

        /// <summary>What an inspection after the list showed.</summary>
        public void Keep(ListedContainer row, ContainerInfo info)
        {
            lock (owner._gate)
                if (!IsVoid && !Changed.Contains(row.Id) && Agree(row, info))
                    owner._seen[row.Id] = new(row.Print, info, began);
        }

        /// <summary>What the engine no longer lists is forgotten.</summary>
        public void Complete(IReadOnlyList<ContainerInfo> listed)
        {
            var ids = listed.Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
            lock (owner._gate)
            {
                foreach (var (id, (_, info, _)) in owner._seen)
                    if (!ids.Contains(id) && Carries(info, labels))
                        owner._seen.Remove(id);
                if (!IsVoid && Changed.Count == 0 && stamp is { } files && IsSettled(files.Newest, Settling) && Covers(files, listed))
                    owner._answer = new(files, labels, listed, began);
            }
        }

        public void Dispose()
        {
            lock (owner._gate)
                owner._listings.Remove(this);
        }

        /// <summary>
        /// Whether list and inspection show the same moment of a container that is in no passing state. A change between the two, and back
        /// again, would otherwise leave a row with what does not belong to it.
        /// </summary>
        private bool Agree(ListedContainer row, ContainerInfo info) =>
            row.Name == info.Name
            && (row.State, info.State) is ("running", ContainerState.Running) or ("paused", ContainerState.Paused)
                or ("exited", ContainerState.Exited) or ("created", ContainerState.Created)
            && new[] { info.CreatedAt, info.StartedAt, info.FinishedAt }
                .All(at => IsSettled(at, row.HasTimes ? Settling : SettlingOfWords));

        /// <summary>A database that was written before a container changed is not the one that podman uses.</summary>
        private static bool Covers(FileStamp files, IReadOnlyList<ContainerInfo> listed) => listed.All(c =>
            !(c.CreatedAt > files.Database + Settling || c.StartedAt > files.Database + Settling
                || c.FinishedAt > files.Database + Settling));

        private bool IsSettled(DateTimeOffset? at, TimeSpan settling) => at is null || at < began - settling;
    }

    /// <param name="At">When the engine listed it so last.</param>
    private readonly record struct Seen(UInt128 Print, ContainerInfo Info, DateTimeOffset At);

    private sealed record WholeAnswer(
        FileStamp Stamp, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<ContainerInfo> Containers, DateTimeOffset At);

    private sealed class Listener(SeenContainers owner) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                owner.Unlisten();
        }
    }
}
