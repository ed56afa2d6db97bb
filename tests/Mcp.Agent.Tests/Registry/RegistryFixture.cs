using Mcp.Agent.Registry;
using Mcp.Testing;

namespace Mcp.Agent.Tests.Registry;

/// <summary>A registry database in a folder of its own.</summary>
internal sealed class RegistryFixture : IDisposable
{
    private readonly TempFolder _folder = new();

    public RegistryFixture()
    {
        Database = RegistryDatabase.Open(_folder.File("registry.db"), busyTimeout: TimeSpan.FromSeconds(1));
        Store = new(Database);
    }

    public RegistryDatabase Database { get; }

    public ServiceStore Store { get; }

    public string File(string name) => _folder.File(name);

    public void Dispose()
    {
        Database.Dispose();
        _folder.Dispose();
    }
}
