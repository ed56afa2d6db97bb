using Mcp.Agent.Auth;
using Mcp.Agent.Deploy.Journal;
using Mcp.Agent.Registry;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Core.Status;
using Mcp.Testing;
using Microsoft.Data.Sqlite;

namespace Mcp.Agent.Tests.Registry;

/// <summary>Data/schema5.sql is a database that an agent with schema 5 has written; what is expected here is what was given to that
/// agent.</summary>
public sealed class DefinitionsAsTextTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RegistryDatabase _registry;

    public DefinitionsAsTextTests()
    {
        var path = _folder.File("registry.db");
        using (var old = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            old.Open();
            old.Execute(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Registry", "Data", "schema5.sql")));
        }
        _registry = RegistryDatabase.Open(path);
    }

    public void Dispose()
    {
        _registry.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Open_DatabaseOfSchema5_HasTheSameServices()
    {
        var full = StoredServices.Full();
        var web = full.Components[0] with { Image = new("registry:5000/team/web:v1.2.0", "sha256:" + new string('a', 64),
            "sha256:" + new string('b', 64)) };
        var api = full.Components[1] with { Desired = DesiredState.Stopped, Observed = ObservedState.Dead };
        var jobs = StoredServices.Small("jobs", null, DesiredState.Stopped);
        var task = new ComponentDefinition { Name = "migrate", Image = "api:v1", Kind = ComponentKind.Task,
            Environment = ["PASSWORD=s3cret\n\u0001\"\\"] };
        // Today's rules refuse it.
        var odd = new ComponentDefinition
        {
            Name = "web",
            Image = "UPPER CASE",
            Restart = "sometimes",
            Environment = ["NOEQUALS"],
            Volumes = [new("relative", "/x", true, "ro"), new("relative", "/y", false, "Z")],
        };

        Assert.Equal(
            [
                StoredServices.Small("blog", hostPort: 20000),
                StoredServices.Small("empty") with { Definition = new() { Name = "empty" }, Components = [] },
                jobs with
                {
                    Definition = jobs.Definition with { Components = [.. jobs.Definition.Components, task] },
                    Components = [.. jobs.Components, new() { Definition = task, Desired = DesiredState.Completed }],
                },
                new() { Definition = new() { Name = "odd", Components = [odd] }, DeployedAt = StoredServices.DeployedAt, DeployedBy = "kim",
                    Components = [new() { Definition = odd }] },
                full with { Components = [web, api] },
            ],
            new ServiceStore(_registry).List());
    }

    [Fact]
    public void Open_DatabaseOfSchema5_HasTheSamePortsAndReleases()
    {
        Assert.Equal(
            [12345, 20000, 53, 80, 8443],
            new ServiceStore(_registry).PortClaims().OrderBy(c => c.Route is null).ThenBy(c => c.HostPort).Select(c => c.HostPort));
        var releases = new ReleaseStore(_registry).List("shop");
        Assert.Equal([(2, ReleaseOutcome.Running, false), (1, ReleaseOutcome.Succeeded, true)],
            releases.Select(r => (r.Release.Number, r.Release.Outcome, r.Release.Current)));
        Assert.Equal(StoredServices.Full().Definition with { Version = "v1" }, releases[1].Release.Definition);
        Assert.Equal("sha256:" + new string('b', 64), Assert.Single(releases[1].Release.Images).Digest);
    }

    [Fact]
    public void Open_DatabaseOfSchema5_HasTheSameOperations()
    {
        var journal = new OperationJournal(_registry, TimeProvider.System);
        var caller = new Caller("alice", Role.Operator, "ipv4:10.0.0.1:5");
        var at = StoredServices.DeployedAt;

        Assert.Equal(
            [
                new("open", OperationKind.Deploy, "shop", "web", caller, at.AddMinutes(1), false, "the engine was gone",
                [
                    new(new() { Index = 0, Action = StepAction.Pull, Component = "web", Description = "pull web:v2" }, JournalState.Done),
                    new(new()
                    {
                        Index = 1, Action = StepAction.Rename, Component = "web", Container = "0123456789ab",
                            Names = ("shop-web", "shop-web-before-open"),
                        Description = "rename shop-web", After = [0],
                    }, JournalState.Done),
                    new(new() { Index = 2, Action = StepAction.Create, Component = "web", Container = "shop-web",
                        Description = "create shop-web", After = [0, 1] }, JournalState.Begun),
                    new(new()
                    {
                        Index = 3, Action = StepAction.Stop, Component = "web", Container = "0123456789ab",
                            Time = TimeSpan.FromMilliseconds(2500), Description = "stop", After = [2],
                    }, JournalState.Planned),
                    new(new() { Index = 4, Action = StepAction.Record, Description = "record", After = [3] }, JournalState.Planned),
                    new(new() { Index = 5, Action = StepAction.Remove, Component = "web", Container = "0123456789ab",
                        Description = "remove", After = [4] }, JournalState.Skipped),
                ]),
                new("empty-open", OperationKind.Undeploy, "blog", null, caller, at.AddMinutes(2), false, "", []),
            ],
            journal.FindOpen());
        Assert.Equal("fine", journal.FindEnd("ended")!.Message);
    }

    [Fact]
    public void Open_DatabaseOfSchema5_KeepsForeignKeysAndLeavesABackup()
    {
        Assert.Empty(_registry.Read(c => c.Query("PRAGMA foreign_key_check", row => row.GetString(0))));
        Assert.True(new ServiceStore(_registry).Remove("shop"));
        Assert.Equal(0, _registry.Read(c => c.Number("SELECT count(*) FROM component_routes WHERE service = 'shop'")));

        using var backup = new SqliteConnection($"Data Source={_registry.Path}.schema5;Mode=ReadOnly;Pooling=False");
        backup.Open();
        Assert.Equal(5, Migrator.VersionOf(backup));
        Assert.Equal(4, backup.Number("SELECT count(*) FROM env WHERE service = 'shop'"));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_registry.Path + ".schema5"));
    }

    [Fact]
    public void Open_NewDatabase_LeavesNoBackup()
    {
        using var registry = RegistryDatabase.Open(_folder.File("new/registry.db"));

        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(registry.Path)!, "*.schema*"));
    }
}
