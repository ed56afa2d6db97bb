namespace Mcp.Core.Protocol;

/// <summary>A record's enum and a message's, value by value of the same name. A number that the wire's enum does not define stays that
/// number in the record, where <see cref="StateText"/> shows it as "unknown (7)"; a wire's 0 without a meaning becomes -1. The record's
/// own numbers must therefore be none that the wire may get later.</summary>
internal sealed class EnumMap<TRecord, TWire>
    where TRecord : struct, Enum
    where TWire : struct, Enum
{
    private readonly Dictionary<TRecord, TWire> _toWire = [];
    private readonly Dictionary<TWire, TRecord> _toRecord = [];

    /// <param name="unspecified">What the wire's 0 means; null: it has no meaning.</param>
    public EnumMap(TRecord? unspecified = null)
    {
        foreach (var value in Enum.GetValues<TRecord>())
        {
            if (!Enum.TryParse<TWire>(value.ToString(), out var wire))
                continue;
            _toWire.Add(value, wire);
            _toRecord.Add(wire, value);
        }
        if (unspecified is not { } meaning)
            return;
        _toWire.TryAdd(meaning, default);
        _toRecord.Add(default, meaning);
    }

    public TWire ToWire(TRecord value)
    {
        if (_toWire.TryGetValue(value, out var wire))
            return wire;
        var number = Convert.ToInt32(value);
        return number < 0 ? default : (TWire)Enum.ToObject(typeof(TWire), number);
    }

    public TRecord ToRecord(TWire wire)
    {
        if (_toRecord.TryGetValue(wire, out var value))
            return value;
        var number = Convert.ToInt32(wire);
        return (TRecord)Enum.ToObject(typeof(TRecord), number == 0 ? -1 : number);
    }
}
