using System.Collections;
using System.Management.Automation;

namespace Mcp.PowerShell.Pipeline;

/// <summary>Lets a parameter that takes names by value take objects for their property, and only for that. PowerShell alone would make a
/// name of any object by its ToString(): of a service that is piped to a cmdlet with -Component, which has no such property.</summary>
/// <param name="properties">The parameter's name and its aliases.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NameOfAttribute(params string[] properties) : ArgumentTransformationAttribute
{
    /// <summary>Otherwise an object without the property means all there are.</summary>
    public bool Required { get; init; }

    public IReadOnlyList<string> Properties => properties;

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = Unwrapped(inputData);
        if (value is IEnumerable several and not string)
            return several.Cast<object?>().SelectMany(Names).ToArray();
        return IsText(value) ? inputData : Names(inputData).ToArray();
    }

    private static object? Unwrapped(object? value) =>
        value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    // Numbers are names too, as in -Component 1.
    private static bool IsText(object? value) => value is null or string or char || value.GetType().IsPrimitive;

    private IEnumerable<string?> Names(object? item)
    {
        if (IsText(Unwrapped(item)))
            return [Unwrapped(item)?.ToString()];

        // Through a PSObject, so that rows made by Select-Object or Import-Csv count as objects. An empty property is refused later, as an
        // empty argument is: it must not come to mean everything.
        var found = properties.Select(name => PSObject.AsPSObject(item).Properties[name]).FirstOrDefault(p => p is not null);
        if (found is not null)
            return Unwrapped(found.Value) is IEnumerable several and not string ? several.Cast<object?>()
                .Select(v => v?.ToString()) : [found.Value?.ToString()];
        return Required
            ? throw new ArgumentTransformationMetadataException(
                $"the object has no property {properties[0]}; pipe names, or objects with that property")
            : ["*"];
    }
}
