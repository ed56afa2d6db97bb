using Mcp.Testing;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Tests.Registry;

public sealed class SqliteVersionTests
{
    [Fact]
    public void Version_LinkedIntoReleases_IsThatOfTheTests()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();

        var script = File.ReadLines(Path.Combine(SourceTree.Root, "scripts", "sqlite.sh"));
        Assert.Contains($"sqlite_version={connection.ServerVersion}", script);
    }
}
