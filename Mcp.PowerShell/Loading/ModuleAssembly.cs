using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;

namespace Mcp.PowerShell.Loading;

/// <summary>Called by PowerShell at import and removal. The one way from the default load context, where cmdlets must live, into the
/// module's own is the name Mcp.Core; all that Mcp.Core needs is found from there.</summary>
public sealed class ModuleAssembly : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private const string Entry = "Mcp.Core";

    private static readonly string Folder =
        Path.Combine(Path.GetDirectoryName(typeof(ModuleAssembly).Assembly.Location)!, "lib");

    // For the life of the process: a second import must find the types that the first one bound to.
    private static readonly ModuleLoadContext Context = new(Folder);

    public void OnImport()
    {
        // Import-Module -Force calls this again without an end in between in some hosts; one handler is enough.
        AssemblyLoadContext.Default.Resolving -= Resolve;
        AssemblyLoadContext.Default.Resolving += Resolve;
    }

    public void OnRemove(PSModuleInfo psModuleInfo) => AssemblyLoadContext.Default.Resolving -= Resolve;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == Entry ? Context.LoadFromAssemblyName(name) : null;
}
