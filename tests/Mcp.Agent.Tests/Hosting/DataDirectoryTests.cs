using Mcp.Agent.Hosting;
using Mcp.Core;
using Mcp.Testing;

namespace Mcp.Agent.Tests.Hosting;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Create_NewDirectory_IsForItsOwnerAlone()
    {
        var directory = new DataDirectory(Path.Combine(_folder.Path, "a", "data"));
        directory.Create();
        directory.Create();

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory.Root));
        Assert.Empty(Directory.GetFileSystemEntries(directory.Root));
    }

    [Fact]
    public void Create_PlaceThatCannotBeWritten_SaysWhatToDo()
    {
        var file = _folder.Write("file", "");
        var error = Assert.Throws<StartupException>(() => new DataDirectory(Path.Combine(file, "data")).Create());
        Assert.Equal(ExitCodes.Failed, error.ExitCode);
        Assert.Contains("can't be written", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Remedy);
    }

    [Fact]
    public void Take_HeldByAnother_NamesItsProcess()
    {
        var directory = new DataDirectory(_folder.Path);
        using (DataDirectoryLock.Take(directory))
        {
            var error = Assert.Throws<StartupException>(() => DataDirectoryLock.Take(directory));
            Assert.Contains($"pid {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
        }

        DataDirectoryLock.Take(directory).Dispose();
    }

    [Fact]
    public void Replace_Existing_ChangesContentAndNarrowsMode()
    {
        var path = _folder.Write("secret", "old and longer");
        PrivateFile.Write(path, "new"u8);

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(_folder.Path));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }
}
