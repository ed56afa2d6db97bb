namespace Mcp.Agent.Tests.Monitor;

/// <summary>Needs /bin/sh.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "needs /bin/sh";
    }
}
