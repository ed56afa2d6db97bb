using System.Reflection;
using System.Runtime.Loader;

namespace Mcp.PowerShell.Loading;

/// <summary>Holds everything the module needs besides its own assembly, so that another module's Google.Protobuf or gRPC, of whatever
/// version and loaded before or after, never meets ours.</summary>
internal sealed class ModuleLoadContext(string folder) : AssemblyLoadContext("Mcp")
{
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // What is not in the folder comes from the host: the framework and System.Management.Automation.
        var path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
