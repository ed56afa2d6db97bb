using Mcp.Core.Operations;

namespace Mcp.Cli.Operations;

internal static class Warnings
{
    public static IEnumerable<string> Of(OperationUpdate update) => update switch
    {
        OperationPlanned plan => plan.Warnings,
        ImagesPlanned images => images.Warnings,
        ImageWarned warned => [warned.Warning],
        _ => [],
    };
}
