namespace Mcp.Core.Client.Workstation;

/// <summary>Text that must not be shown: every way of printing it says "***", so that no record, log or error can give it away by
/// accident.</summary>
public sealed class Secret(string value) : IEquatable<Secret>
{
    private readonly string _value = value;

    public string Reveal() => _value;

    public bool Equals(Secret? other) => other is not null && _value == other._value;

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => "***";
}
