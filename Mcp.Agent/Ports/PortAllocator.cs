using Mcp.Agent.Registry;

namespace Mcp.Agent.Ports;

/// <summary>Gives host ports to routes and checks those that definitions name. One caller at a time looks and reserves, so no two deploys
/// get the same port.</summary>
internal sealed class PortAllocator
{
    // Taken at random, so that a port freed a moment ago is not reused at once.
    private const int RandomTries = 32;
    private const string Loopback = "127.0.0.1";

    private readonly ServiceStore _store;
    private readonly PortOptions _options;
    private readonly PortRange _ephemeral;
    private readonly PortCandidates _candidates;
    private readonly Random _random;
    private readonly PortProbe _isFree;
    private readonly Lock _gate = new();
    private readonly List<PortReservation> _inFlight = [];

    public PortAllocator(ServiceStore store, PortOptions options)
        : this(store, options, Random.Shared, HostPortProbe.IsFree)
    {
    }

    internal PortAllocator(ServiceStore store, PortOptions options, Random random, PortProbe isFree)
    {
        _store = store;
        _options = options;
        _ephemeral = options.Ephemeral ?? EphemeralPorts.OfHost();
        _candidates = new(options.Range, [_ephemeral, .. options.Exclude]);
        _random = random;
        _isFree = isFree;
    }

    /// <summary>All of them or, with an <see cref="AgentException"/> (PortTaken, PortsExhausted), none.</summary>
    public PortReservation Reserve(IReadOnlyList<PortRequest> routes, IReadOnlyList<FixedPortRequest> fixedPorts)
    {
        lock (_gate)
        {
            var reservation = new PortReservation(this, Choose(routes, fixedPorts, [.. _inFlight.SelectMany(r => r.Claims)]));
            _inFlight.Add(reservation);
            return reservation;
        }
    }

    /// <summary>What <see cref="Reserve"/> would give to the service, in the same order, without holding it and without making others wait.
    /// What a running deploy of the same service holds counts as the service's own.</summary>
    public IReadOnlyList<PortClaim> Propose(string service, IReadOnlyList<PortRequest> routes, IReadOnlyList<FixedPortRequest> fixedPorts)
    {
        // Read before the stored rows: what is stored and released between the two is seen twice, and never not at all.
        List<PortClaim> inFlight;
        lock (_gate)
            inFlight = [.. _inFlight.SelectMany(r => r.Claims).Where(c => c.Service != service)];
        return Choose(routes, fixedPorts, inFlight);
    }

    internal void Release(PortReservation reservation)
    {
        // The same lock: who is looking right now has either seen the stored rows or still sees the reservation.
        lock (_gate)
            _inFlight.Remove(reservation);
    }

    /// <summary>Fixed ports first, then the routes' ports in the order of the requests.</summary>
    private List<PortClaim> Choose(IReadOnlyList<PortRequest> routes, IReadOnlyList<FixedPortRequest> fixedPorts, List<PortClaim> inFlight)
    {
        var stored = _store.PortClaims().ToLookup(c => c.HostPort);
        var claims = new PortClaims(inFlight);
        var fixedClaims = new List<PortClaim>();
        foreach (var request in fixedPorts)
        {
            var claim = Fix(request, stored, claims);
            fixedClaims.Add(claim);
            claims.Add(claim);
        }
        // Routes that keep their port go first: none of them may lose it to a random pick.
        var kept = routes.Select(r => Keep(r, stored, claims)).ToList();
        foreach (var claim in kept.OfType<PortClaim>())
            claims.Add(claim);
        return [.. fixedClaims, .. routes.Select((request, i) => kept[i] ?? Pick(request, stored, claims))];
    }

    private PortClaim Fix(FixedPortRequest request, ILookup<int, PortClaim> stored, PortClaims claims)
    {
        var claim = new PortClaim(request.Service, request.Component, null, request.HostIp, request.HostPort, request.Protocol);
        // What the service itself has stored is about to be replaced.
        var holder = claims.Of(request.HostPort).FirstOrDefault(c => Collide(c, claim))
            ?? stored[request.HostPort].FirstOrDefault(c => c.Service != request.Service && Collide(c, claim));
        var what = $"host port {request.HostPort} of {request.Service}/{request.Component}";
        if (holder is not null)
        {
            throw new AgentException(AgentError.PortTaken, $"{what} is taken by {holder}",
                $"write another host port under `ports`, a route instead of a fixed port, or undeploy {holder.Service}");
        }
        if (!request.IsOurs && !_isFree(request.HostIp, request.HostPort, request.Protocol))
        {
            throw new AgentException(AgentError.PortTaken, $"{what} is in use by another process of this node",
                $"find it with `ss -lnp 'sport = :{request.HostPort}'` and end it, or write another host port under `ports`");
        }
        return claim;
    }

    private PortClaim? Keep(PortRequest request, ILookup<int, PortClaim> stored, PortClaims claims)
    {
        if (request.Preferred is not { } port)
            return null;
        var claim = Claim(request, port);
        var isTaken = claims.Of(port).Any()
            || stored[port].Any(c => (c.Service, c.Component, c.Route) != (request.Service, request.Component, request.Route));
        return !isTaken && (request.PreferredIsOurs || _isFree(null, port, "tcp")) ? claim : null;
    }

    private PortClaim Pick(PortRequest request, ILookup<int, PortClaim> stored, PortClaims claims)
    {
        if (_candidates.Count == 0)
            throw NothingToPickFrom();
        var start = _random.Next(_candidates.Count);
        for (var i = 0; i < RandomTries + _candidates.Count; i++)
        {
            var port = i < RandomTries ? _candidates[_random.Next(_candidates.Count)]
                : _candidates[(start + i - RandomTries) % _candidates.Count];
            if (stored.Contains(port) || claims.Of(port).Any() || !_isFree(null, port, "tcp"))
                continue;
            var claim = Claim(request, port);
            claims.Add(claim);
            return claim;
        }
        throw new AgentException(AgentError.PortsExhausted,
            $"no host port is free for {Claim(request, 0)}: "
            + $"all {_candidates.Count} of {_options.Range} less the host's ephemeral {_ephemeral}{Excluded} are taken",
            "undeploy services that are not needed, or widen the port range in agent.toml");
    }

    private string Excluded => _options.Exclude.Count == 0 ? "" : " and the excluded " + string.Join(", ", _options.Exclude);

    private AgentException NothingToPickFrom() => new(AgentError.PortsExhausted,
        $"the host's ephemeral port range {_ephemeral}{Excluded} leaves nothing of the agent's {_options.Range}",
        "set another port range or ephemeral range in agent.toml, or narrow the host's net.ipv4.ip_local_port_range");

    private static PortClaim Claim(PortRequest request, int port) =>
        new(request.Service, request.Component, request.Route, Loopback, port, "tcp");

    private static bool Collide(PortClaim a, PortClaim b) => a.HostPort == b.HostPort && a.Protocol == b.Protocol
        && (IsEveryAddress(a.HostIp) || IsEveryAddress(b.HostIp) || a.HostIp == b.HostIp);

    private static bool IsEveryAddress(string? ip) => ip is null or "0.0.0.0" or "::";
}
