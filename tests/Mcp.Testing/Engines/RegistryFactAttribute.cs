using Xunit;

namespace Mcp.Testing.Engines;

/// <summary>A fact that needs a real image registry, and is skipped where none is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RegistryFactAttribute : FactAttribute
{
    public RegistryFactAttribute()
    {
        if (ChildProcess.Find("docker-registry") is null)
            Skip = "docker-registry is not installed";
    }
}
