using Mcp.Core.Client.Workstation;

namespace Mcp.Core.Tests.Client.Workstation;

/// <summary>A workstation without the machine's own variables.</summary>
internal static class TestEnvironment
{
    public static WorkstationEnvironment At(string folder, params (string Name, string Value)[] variables) => new()
    {
        Variable = name => variables.FirstOrDefault(v => v.Name == name).Value,
        HomeDirectory = Path.Combine(folder, "home"),
        CurrentDirectory = folder,
    };
}
